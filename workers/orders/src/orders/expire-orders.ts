import type { OrdersDeps } from '../deps.ts'

const BATCH = 200

/**
 * Cancels unpaid orders whose time is over, and wakes payments, which void what was started for them. Safe to run twice at
 * once.
 *
 * @param until starts no batch after this
 * @returns how many it cancelled
 */
export async function expireOrders(
  deps: Pick<OrdersDeps, 'orders' | 'now' | 'wakePayments'>,
  until: Date,
): Promise<number> {
  let expired = 0
  for (let count = BATCH; count === BATCH && deps.now() < until; expired += count) {
    count = await deps.orders.expire({ now: deps.now(), limit: BATCH })
    if (count > 0) await deps.wakePayments()
  }
  return expired
}
