import { claimedBatch, type SweptBatch } from '@shop/contracts/service'
import type { OrdersDeps } from '../deps.ts'

const BATCH = 200

/**
 * Cancels unpaid orders whose time is over, and wakes payments, which void what was started for them. Safe to run twice at
 * once.
 *
 * @returns how many it cancelled
 */
export async function expireOrders(deps: Pick<OrdersDeps, 'orders' | 'now' | 'wakeConsumers'>): Promise<SweptBatch> {
  const count = await deps.orders.expire({ now: deps.now(), limit: BATCH })
  if (count > 0) await deps.wakeConsumers(['order.cancelled'])
  return claimedBatch(count, BATCH)
}
