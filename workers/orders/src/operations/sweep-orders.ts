import type { SweepReport } from '@shop/contracts'
import { addSeconds } from '@shop/kernel'
import type { OrdersDeps } from '../ports.ts'
import { compareStock } from './compare-stock.ts'
import { sellStock } from './sell-stock.ts'

const BATCH = 200
/** Less than the minute between two sweeps; what is left is for the next one. */
const SWEEP_SECONDS = 20
/** Until then whoever has taken the payment is expected to take the stock, too. */
const UNSOLD_SECONDS = 60
const UNSOLD_AT_ONCE = 4

/**
 * Cancels what has expired, sells what was paid and left, compares orders with the stock, and deletes what has outlived its
 * use. Safe to run twice at once.
 */
export async function sweepOrders(deps: OrdersDeps): Promise<SweepReport> {
  const until = addSeconds(deps.now(), SWEEP_SECONDS)
  let expired = 0
  for (let count = BATCH; count === BATCH && deps.now() < until; expired += count) {
    count = await deps.store.expire({ now: deps.now(), limit: BATCH })
    if (count > 0) await deps.wakePayments()
  }
  const sold = await sellUnsold(deps, until)
  const differing = await compareStock(deps)
  return { expired, sold, differing, pruned: await deps.store.prune(deps.now()) }
}

/** Takes the stock of orders whose payment was taken by somebody who then crashed. One that fails comes again. */
async function sellUnsold(deps: OrdersDeps, until: Date): Promise<number> {
  const now = deps.now()
  const unsold = await deps.store.listUnsold({ before: addSeconds(now, -UNSOLD_SECONDS), limit: BATCH })
  let sold = 0
  for (let from = 0; from < unsold.length && deps.now() < until; from += UNSOLD_AT_ONCE) {
    const orders = unsold.slice(from, from + UNSOLD_AT_ONCE)
    const outcomes = await Promise.allSettled(orders.map((order) => sellStock(deps, order)))
    for (const [index, outcome] of outcomes.entries()) {
      if (outcome.status === 'fulfilled' && outcome.value.ok) sold += 1
      else deps.warn('order_unsold', { orderId: orders[index]?.id })
    }
  }
  return sold
}
