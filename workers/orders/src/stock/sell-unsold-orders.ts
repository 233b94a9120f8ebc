import { addSeconds } from '@shop/kernel/time'
import pMap from 'p-map'
import type { OrdersDeps } from '../deps.ts'
import type { ChangeDeps } from '../orders/change-order.ts'
import type { Order } from '../orders/domain/order.ts'
import { sellStock } from './sell-stock.ts'

const BATCH = 200
const CONCURRENCY = 4
/** Until then the request that recorded the payment is expected to sell the stock itself. */
const UNSOLD_SECONDS = 60

type UnsoldDeps = ChangeDeps & Pick<OrdersDeps, 'catalog' | 'orderStock' | 'warn'>

/**
 * Sells the stock of orders whose payment was recorded by a request that then crashed. One that fails is tried again by
 * the next sweep.
 *
 * @param until starts no order after this
 * @returns how many were sold, or cancelled for missing stock
 */
export async function sellUnsoldOrders(deps: UnsoldDeps, until: Date): Promise<number> {
  const before = addSeconds(deps.now(), -UNSOLD_SECONDS)
  const unsold = await deps.orderStock.listUnsold({ before, limit: BATCH })
  const settled = await pMap(unsold, (order) => (deps.now() < until ? isSettled(deps, order) : false), {
    concurrency: CONCURRENCY,
  })
  return settled.filter(Boolean).length
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
