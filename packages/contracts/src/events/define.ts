import type { z } from 'zod'

/**
 * A consumer of events: a service by its name, or one duty of a service that has its own pace. `catalog_cache`
 * invalidates cached answers; `users_revocations` ends access in the objects of users; `orders_claims` gives orders of guests
 * to accounts; `webhooks` sends public events to the shop's webhook endpoints; `live` tells the pages that show an order.
 */
export const CONSUMERS = [
  'orders',
  'payments',
  'catalog',
  'notifications',
  'catalog_cache',
  'users_revocations',
  'orders_claims',
  'webhooks',
  'live',
] as const
export type Consumer = (typeof CONSUMERS)[number]

/** Those of the notifications worker, which no service may call: they pull their events, from all services. */
export const PULLING_CONSUMERS: readonly Consumer[] = ['notifications', 'webhooks', 'live']

/**
 * One kind of event.
 *
 * `key` names the member of the payload that orders events: a consumer receives events with the same key in the order
 * in which they were written. Ids that are numbers are prefixed with what they name, as in `variant:7`. `isPublic` events
 * are sent to the shop's webhook endpoints: their consumer `webhooks` follows from that and is not listed.
 */
export type EventDefinition = {
  /** Version of the payload's shape; raised when a member changes its meaning or is removed. */
  version: number
  payload: z.ZodObject
  key: string
  isPublic: boolean
  consumers: readonly Exclude<Consumer, 'webhooks'>[]
}
