import type { Db } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { notificationsEvents } from '@shop/db/schema/notifications'
import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import { createSealer } from '@shop/kernel/sealer'
import { addSeconds } from '@shop/kernel/time'
import type { NotificationsDeps } from '../../src/deps.ts'
import { creationKeyRepository } from '../../src/idempotency/repository.ts'
import type { Answer } from '../../src/webhook-deliveries/domain/delivery.ts'
import { messageOf, type WebhookMessage } from '../../src/webhook-deliveries/domain/message.ts'
import { webhookDeliveryRepository } from '../../src/webhook-deliveries/repository/index.ts'
import { createWebhookEndpoint, type EndpointDraft } from '../../src/webhook-endpoints/create-webhook-endpoint.ts'
import { webhookEndpointRepository } from '../../src/webhook-endpoints/repository.ts'
import { NOW, orderEvent } from './mails.ts'

export const ADMIN: Caller = { kind: 'user', userId: newId('user'), role: 'admin' }

type Body = { id: string; type: string; key?: string; sequence: number }
export type Received = Body & {
  url: string
  headers: Record<string, string>
  text: string
  confidential: readonly string[]
}

export const OK: Answer = { isAccepted: true, response: { status: 204, headers: {}, body: '' } }
/** An answer that is no success. */
export const refusal = (status: number, headers: Record<string, string> = {}): Answer => ({
  isAccepted: false,
  response: { status, headers, body: 'broken' },
  failure: 'bad_status',
})
export const BROKEN = refusal(500)

export type WebhookDeps = Pick<
  NotificationsDeps,
  | 'webhookEndpoints'
  | 'webhookDeliveries'
  | 'creationKeys'
  | 'sealer'
  | 'newId'
  | 'newSecret'
  | 'now'
  | 'resolve'
  | 'targets'
  | 'postWebhook'
  | 'wakeEndpoint'
  | 'warn'
>

/** Webhooks on a real database, with a receiver and a clock of the test. */
export function webhookWorld(db: Db) {
  const received: Received[] = []
  const woken: string[] = []
  const state = {
    now: NOW,
    addresses: ['93.184.216.34'] as string[] | undefined,
    /** How the receiver answers; it has got the webhook in any case. */
    answer: (_: Received): Answer => OK,
  }
  const deps: WebhookDeps = {
    webhookEndpoints: webhookEndpointRepository(db),
    webhookDeliveries: webhookDeliveryRepository(db),
    creationKeys: creationKeyRepository(db),
    sealer: createSealer('a test', ['a secret of a test that is long enough']),
    newId,
    newSecret: () => crypto.getRandomValues(new Uint8Array(32)),
    now: () => state.now,
    targets: 'public',
    resolve: async () => state.addresses,
    postWebhook: async ({ url, headers, body, confidential }) => {
      const webhook = { ...(JSON.parse(body) as Body), url, headers, text: body, confidential }
      received.push(webhook)
      return state.answer(webhook)
    },
    wakeEndpoint: async (endpointId) => {
      woken.push(endpointId)
    },
    warn: () => {},
  }
  return {
    deps,
    received,
    woken,
    state,
    events: eventLog(db, notificationsEvents),
    /** The same instant in the rest of the test. */
    after: (seconds: number) => {
      state.now = addSeconds(state.now, seconds)
    },
    addEndpoint: async (draft: Partial<EndpointDraft> = {}) => {
      const whole = { url: 'https://hooks.example.com/shop', events: ['*'] as const, description: '', ...draft }
      const created = await createWebhookEndpoint(deps, ADMIN, whole)
      if (!created.ok) throw new Error(created.failure.code)
      return created.value.value
    },
    enqueue: async (...messages: WebhookMessage[]) => {
      await deps.webhookDeliveries.enqueue(messages, state.now)
    },
  }
}

export type WebhookWorld = ReturnType<typeof webhookWorld>

/** The message of a new event of an order; events that are made later come later in the order of their key. */
export const aMessage = (
  key = newId('order') as string,
  type: Parameters<typeof orderEvent>[0] = 'order.paid',
): Promise<WebhookMessage> => messageOf('orders', orderEvent(type, key))
