import type { Order } from '@shop/contracts'
import { addSeconds } from '@shop/kernel'
import { variantIdsOf } from '../domain/pricing.ts'
import { stockFault } from '../domain/stock-facts.ts'
import type { OrdersDeps } from '../ports.ts'
import { freeLines } from './hold-lines.ts'

/** How long after the end of its holds an order is looked at: by then all that was under way is done. */
const SETTLED_SECONDS = 600
/** Two sweeps, so that an order is looked at once or twice. */
const WINDOW_SECONDS = 120
/** What a sweep looks at; a busier shop is sampled. */
const BATCH = 100
/** And of their variants, each an object to be asked: one order may have a hundred. */
const VARIANTS = 400

/**
 * Holds orders that were decided a while ago against what the stock knows of them. Stock that a cancelled order has kept is
 * freed; what else differs has no one right answer and is told.
 *
 * @returns how many differed
 */
export async function compareStock(deps: OrdersDeps): Promise<number> {
  const to = addSeconds(deps.now(), -(deps.holdSeconds + deps.holdGraceSeconds + SETTLED_SECONDS))
  const decided = firstOf(await deps.store.listDecided({ from: addSeconds(to, -WINDOW_SECONDS), to, limit: BATCH }))
  if (decided.length === 0) return 0
  const asked = decided.map(({ order }) => ({ holdId: order.id, variantIds: variantIdsOf(order.lines) }))
  const found = await deps.catalog.findHolds(asked)
  if (!found.ok) return 0
  const byOrder = Map.groupBy(found.value, ({ holdId }) => holdId)
  let differing = 0
  for (const one of decided) {
    const { order } = one
    const holds = byOrder.get(order.id) ?? []
    const fault = stockFault(one, holds)
    if (fault === undefined) continue
    differing += 1
    deps.warn('order_stock_differs', { orderId: order.id, status: order.status, fault, holds })
    if (fault === 'kept') await freeLines(deps, order)
  }
  return differing
}

/** As many as have no more than {@link VARIANTS} together. */
function firstOf<T extends { order: Order }>(decided: T[]): T[] {
  let variants = 0
  return decided.filter(({ order }) => {
    variants += variantIdsOf(order.lines).length
    return variants <= VARIANTS
  })
}
