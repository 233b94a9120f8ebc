import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { Unavailable } from '@shop/kernel/unavailable'
import type { LiveMessage, ShownEvent } from '../../src/live/domain/message.ts'
import type { TellLiveDeps } from '../../src/live/internal/tell-messages.ts'

export const ORDER = 'order_01jd4k2v9rf0fv8z3x1m5q7w2e'
export const NOW = new Date('2026-11-30T12:00:00.000Z')

export function anOrderEvent(over: Partial<ShopEvent<'order.paid'>> = {}): ShownEvent {
  const states = { status: 'processing', paymentStatus: 'paid', cancelReason: null } as const
  const amounts = { total: 1_000, currency: 'EUR', capturedAmount: 1_000, refundedAmount: 0, paymentId: null }
  const payload = { orderId: ORDER, userId: null, ...states, ...amounts }
  return { ...{ id: 1, type: 'order.paid', version: 1, key: ORDER, sequence: 2 }, payload, createdAt: NOW, ...over }
}

/** @param answers of topics that somebody has asked for: whether anybody listens; undefined for an object that is away */
export function liveWorld(answers: Record<string, boolean | undefined>) {
  const told: LiveMessage[] = []
  const forgotten: string[] = []
  const deps: TellLiveDeps = {
    live: {
      create: async () => undefined,
      use: async () => undefined,
      listened: async (topics) => new Set(topics.filter((topic) => topic in answers)),
      forget: async (topics) => {
        forgotten.push(...topics)
      },
      prune: async () => 0,
    },
    liveTopics: {
      tell: async (message) => {
        const answer = answers[message.topic]
        if (answer === undefined) throw new Unavailable('live')
        told.push(message)
        return answer
      },
      connect: () => Promise.reject(new Unavailable('live')),
    },
    now: () => NOW,
    warn: () => undefined,
  }
  return { deps, told, forgotten }
}
