import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import type { Order } from '../orders/domain/order.ts'
import { recordStockReturn } from './domain/stock-steps.ts'
import { freeStock } from './free-stock.ts'
import { releaseStock } from './release-stock.ts'

export type FreeDeps = ChangeDeps & Pick<OrdersDeps, 'catalog'>

/** Frees the stock of a cancelled order whose payment was voided or refunded, and records it. Safe to repeat. */
export async function freeCancelledOrder(
  deps: FreeDeps,
  order: Order,
): Promise<Result<undefined, OrderNotFound | OrderChanged | ServiceUnavailable>> {
  // An order that was never paid has sold nothing. One that costs nothing was paid without a payment.
  const wasPaid = order.paymentId !== null || order.paymentStatus !== 'unpaid'
  const freed = await (wasPaid ? freeStock(deps, order) : releaseStock(deps, order))
  if (!freed.ok) return freed
  const target = { orderId: order.id, actor: SYSTEM, known: order }
  const recorded = await changeOrder(deps, target, (current) => ok(recordStockReturn(current)))
  return recorded.ok ? ok() : recorded
}
