import { consumersOf, type EventPayload, type EventType, type ShopEvent } from '@shop/contracts/events/catalogue'
import type { Consumer } from '@shop/contracts/events/define'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { EventLog, ListedEvent } from '@shop/contracts/events/log'
import { addSeconds } from '@shop/kernel/time'
import { DISPATCH_AFTER_SECONDS } from '../../src/events/domain/dispatch.ts'

type Written<T extends EventType> = { key: number; sequence: number; payload: EventPayload<T>; createdAt: Date }

/** The events of a service in memory, with their deliveries. */
export function memoryEvents() {
  const rows: ListedEvent[] = []
  const write = <T extends EventType>(type: T, { key, ...written }: Written<T>): number => {
    const id = rows.length + 1
    const nextAttemptAt = addSeconds(written.createdAt, DISPATCH_AFTER_SECONDS)
    const fresh = { status: 'pending', attempts: 0, confirmedAt: undefined, lastFailure: undefined } as const
    const deliveries = consumersOf(type).map((consumer) => ({ consumer, ...fresh, nextAttemptAt }))
    // The type and its payload belong together, which TypeScript does not follow through the union.
    const event = { id, type, version: 1, key: String(key), ...written } as ShopEvent
    rows.push({ ...event, deliveries })
    return id
  }
  const deliveryOf = (eventId: number, consumer: Consumer) =>
    rows.find(({ id }) => id === eventId)?.deliveries.find((delivery) => delivery.consumer === consumer)
  const settle = (consumer: Consumer, receipt: Receipt, now: Date) => {
    const delivery = deliveryOf(receipt.eventId, consumer)
    if (delivery?.status !== 'pending') return
    if (receipt.outcome === 'failed') delivery.lastFailure = receipt.failure
    else Object.assign(delivery, { status: receipt.outcome, confirmedAt: now })
  }
  const pending = (consumer: Consumer) => rows.filter(({ id }) => deliveryOf(id, consumer)?.status === 'pending')
  const events: EventLog = {
    pull: async ({ consumer, limit, now }) => {
      const due = pending(consumer).filter(({ id }) => (deliveryOf(id, consumer)?.nextAttemptAt ?? now) <= now)
      for (const { id } of due) Object.assign(deliveryOf(id, consumer) ?? {}, { nextAttemptAt: addSeconds(now, 5) })
      return due.slice(0, limit)
    },
    settle: async ({ consumer, receipts, now }) => {
      for (const receipt of receipts) settle(consumer, receipt, now)
      return 0
    },
    list: async ({ limit }) => rows.toReversed().slice(0, limit),
    retry: async ({ eventId, consumer }) => {
      const delivery = deliveryOf(eventId, consumer)
      return delivery !== undefined && Object.assign(delivery, { status: 'pending' }) === delivery
    },
    skip: async ({ eventId, consumer, now }) => {
      const isPending = deliveryOf(eventId, consumer)?.status === 'pending'
      settle(consumer, { eventId, outcome: 'skipped' }, now)
      return isPending
    },
    replay: async () => ({ replayed: 0, lastId: undefined }),
    lag: async () => [],
    prune: async () => 0,
  }
  return {
    events,
    write,
    rows,
    pendingOf: (consumer: Consumer) => pending(consumer).map(({ type, key }) => `${type} ${key}`),
  }
}
