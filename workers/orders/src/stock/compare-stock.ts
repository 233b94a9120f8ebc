import { addSeconds } from '@shop/kernel/time'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { holdsOf, variantIdsOf } from './domain/stock-lines.ts'
import { stockMismatch } from './domain/stock-mismatch.ts'
import { freeStock } from './free-stock.ts'
import { forEachJoined } from './join-orders.ts'

/** How long after the end of its holds an order is compared: no call about it is still in progress then. */
const SETTLED_SECONDS = 600
/** Two sweeps, so that every order is compared once or twice. */
const WINDOW_SECONDS = 120
/** Orders per sweep. A busier shop is sampled. */
const BATCH = 100
/** Their variants: each takes a call to its stock object. One order may have a hundred. */
const MAX_VARIANTS = 400

type CompareDeps = Pick<
  OrdersDeps,
  'catalog' | 'joinCatalog' | 'orderStock' | 'holdSeconds' | 'holdGraceSeconds' | 'now' | 'warn'
>

/**
 * Compares orders that were decided a while ago with what the stock records for them. Stock kept by a cancelled order is
 * freed. Other mismatches have no one right answer and are only logged.
 *
 * @returns how many differed
 */
export async function compareStock(deps: CompareDeps): Promise<number> {
  const to = addSeconds(deps.now(), -(deps.holdSeconds + deps.holdGraceSeconds + SETTLED_SECONDS))
  const window = { from: addSeconds(to, -WINDOW_SECONDS), to, limit: BATCH }
  const decided = withinVariantLimit(await deps.orderStock.listDecided(window))
  if (decided.length === 0) return 0
  const asked = decided.flatMap(({ order }) =>
    holdsOf(order).map(({ holdId, lines }) => ({ holdId, variantIds: variantIdsOf(lines) })),
  )
  const found = await deps.catalog.findHolds(asked)
  if (!found.ok) return 0
  const byHold = Map.groupBy(found.value, ({ holdId }) => holdId)
  let differing = 0
  const kept: Order[] = []
  for (const one of decided) {
    const { order } = one
    const holds = holdsOf(order).flatMap(({ holdId }) => byHold.get(holdId) ?? [])
    const mismatch = stockMismatch(one, holds)
    if (mismatch === undefined) continue
    differing += 1
    deps.warn('order_stock_differs', { orderId: order.id, status: order.status, mismatch, holds })
    if (mismatch === 'kept') kept.push(order)
  }
  await forEachJoined(deps, kept, freeStock)
  return differing
}

/** The first orders that have at most {@link MAX_VARIANTS} together. */
function withinVariantLimit<T extends { order: Order }>(decided: T[]): T[] {
  let variants = 0
  return decided.filter(({ order }) => {
    variants += variantIdsOf(order.lines).length
    return variants <= MAX_VARIANTS
  })
}
