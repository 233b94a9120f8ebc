import type { OrderActor } from '@shop/contracts/orders/states'
import type { OrdersDeps } from '../../deps.ts'
import { completeOrder } from '../../fulfillment/complete-order.ts'
import type { Order } from '../../orders/domain/order.ts'
import { type AdjustDeps, applyStockAdjustments } from '../../stock/apply-stock-adjustments.ts'
import type { StockAdjustment } from '../../stock/domain/stock-adjustment.ts'
import { extendHolds } from '../../stock/extend-holds.ts'
import { type SellDeps, sellStock } from '../../stock/sell-stock.ts'

export type FinishDeps = SellDeps & AdjustDeps & Pick<OrdersDeps, 'holdGraceSeconds'>

/**
 * Applies a saved edit to the stock: returns removed units, extends the holds of an unpaid order, and sells the added units of a paid
 * one. The edit stands even if this fails: sweeps repeat it, and the payment takes units whose hold has expired.
 *
 * @returns the order after it
 */
export async function finishEdit(
  deps: FinishDeps,
  order: Order,
  { actor, stockAdjustments }: { actor: OrderActor; stockAdjustments: StockAdjustment[] },
): Promise<Order> {
  const { id: orderId, status } = order
  try {
    await applyStockAdjustments(
      deps,
      stockAdjustments.map((one) => ({ ...one, orderId })),
    )
    if (status === 'pending') await extendHolds(deps, order)
    if (status !== 'processing') return order
    if (!order.stockCommitted) await sellStock(deps, order)
    const current = order.stockCommitted ? order : ((await deps.orders.find(orderId)) ?? order)
    const completed = await completeOrder(deps, current, actor)
    return completed.ok ? completed.value : current
  } catch (error) {
    deps.warn('order_edit_unfinished', { orderId, error })
    return order
  }
}
