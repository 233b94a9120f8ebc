import type { SweepReport } from '@shop/contracts/service'
import { addSeconds } from '@shop/kernel/time'
import type { OrdersDeps } from './deps.ts'
import { expireOrders } from './orders/expire-orders.ts'
import { compareStock } from './stock/compare-stock.ts'
import { sellUnsoldOrders } from './stock/sell-unsold-orders.ts'

/** Less than the minute between two sweeps. The next sweep does what is left. */
const SWEEP_SECONDS = 20

/**
 * Cancels expired orders, sells the stock of paid ones that were left unsold, compares orders with the stock, and deletes
 * old keys, events and unused counters. Safe to run twice at once.
 */
export async function sweepOrders(deps: OrdersDeps): Promise<SweepReport> {
  const until = addSeconds(deps.now(), SWEEP_SECONDS)
  const expired = await expireOrders(deps, until)
  const sold = await sellUnsoldOrders(deps, until)
  const differing = await compareStock(deps)
  const now = deps.now()
  const pruned = await Promise.all([deps.keys.prune(now), deps.events.prune(now), deps.buyers.prune(now)])
  return { expired, sold, differing, pruned: pruned.reduce((sum, count) => sum + count, 0) }
}
