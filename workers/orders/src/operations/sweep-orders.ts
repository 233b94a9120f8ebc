import { addSeconds, type SweepReport } from '@shop/contracts'
import type { OrdersDeps } from '../ports.ts'

const BATCH = 200
/** Less than the minute between two sweeps; what is left is for the next one. */
const SWEEP_SECONDS = 20

/** Cancels what has expired and deletes what has outlived its use. Safe to run twice at once. */
export async function sweepOrders(deps: OrdersDeps): Promise<SweepReport> {
  const until = addSeconds(deps.now(), SWEEP_SECONDS)
  let expired = 0
  for (let count = BATCH; count === BATCH && deps.now() < until; expired += count) {
    count = await deps.store.expire({ now: deps.now(), limit: BATCH })
    if (count > 0) await deps.wakePayments()
  }
  return { expired, pruned: await deps.store.prune(deps.now()) }
}
