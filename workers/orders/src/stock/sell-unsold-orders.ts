import type { SweptBatch } from '@shop/contracts/service'
import { addSeconds } from '@shop/kernel/time'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { positionIn, positionText } from './domain/sweep-position.ts'
import { forEachJoined } from './join-orders.ts'
import { type SellDeps, sellStock } from './sell-stock.ts'

const BATCH = 50
/** The age after which the request that recorded the payment is assumed to have failed to sell the stock. */
const UNSOLD_SECONDS = 60

type UnsoldDeps = SellDeps & Pick<OrdersDeps, 'joinCatalog' | 'orderStock' | 'warn'>

/**
 * Sells the stock of orders whose payment was recorded by a request that then crashed. The next sweep retries orders that fail; they do
 * not delay others.
 *
 * @param from the cursor that the previous batch returned
 * @returns how many were sold, or cancelled for missing stock
 */
export async function sellUnsoldOrders(deps: UnsoldDeps, from?: string): Promise<SweptBatch> {
  const before = addSeconds(deps.now(), -UNSOLD_SECONDS)
  const unsold = await deps.orderStock.listUnsold({
    before,
    after: from === undefined ? undefined : positionIn(from),
    limit: BATCH,
  })
  const settled = await forEachJoined(deps, unsold, isSettled)
  const last = unsold.length < BATCH ? undefined : unsold.at(-1)
  return { done: settled.filter(Boolean).length, next: last && positionText(last.updatedAt, last.id) }
}

async function isSettled(deps: UnsoldDeps, order: Order): Promise<boolean> {
  try {
    const sold = await sellStock(deps, order)
    if (sold.ok) return true
    deps.warn('order_unsold', { orderId: order.id, code: sold.failure.code })
  } catch (error) {
    deps.warn('order_unsold', { orderId: order.id, error })
  }
  return false
}
