import type { z } from 'zod'

/**
 * Who takes events. A service by its name, or one duty of a service that has its own pace: `catalog_stock` tells stock
 * objects what staff changed, `catalog_cache` makes kept answers worthless.
 */
export const CONSUMERS = ['orders', 'payments', 'catalog_stock', 'catalog_cache'] as const
export type Consumer = (typeof CONSUMERS)[number]

/**
 * One kind of event.
 *
 * `key` names the member of the payload that orders events: those with the same key reach a consumer in the order in
 * which they were written. Ids that are numbers are prefixed with what they name, as in `variant:7`. `isPublic` events may be sent to the shop's webhook endpoints.
 */
export type EventDefinition = {
  /** Of the payload's shape; counted up when a member changes its meaning or goes. */
  version: number
  payload: z.ZodObject
  key: string
  isPublic: boolean
  consumers: readonly Consumer[]
}
