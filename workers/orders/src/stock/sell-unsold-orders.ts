import type { SweptBatch } from '@shop/contracts/service'
import type { Position } from '@shop/kernel/pagination'
import { addSeconds } from '@shop/kernel/time'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { forEachJoined } from './join-orders.ts'
import { type SellDeps, sellStock } from './sell-stock.ts'

const BATCH = 50
/** Until then the request that recorded the payment is expected to sell the stock itself. */
const UNSOLD_SECONDS = 60

type UnsoldDeps = SellDeps & Pick<OrdersDeps, 'joinCatalog' | 'orderStock' | 'warn'>

/**
 * Sells the stock of orders whose payment was recorded by a request that then crashed. One that fails is tried again by
 * the next sweep, and holds up none behind it.
 *
 * @param from where the batch before ended
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
  return { done: settled.filter(Boolean).length, next: last && textOf(last) }
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

const textOf = ({ updatedAt, id }: Order): string => `${updatedAt.toISOString()} ${id}`

function positionIn(text: string): Position {
  const [sortKey = '', id = ''] = text.split(' ')
  return { sortKey, id }
}
