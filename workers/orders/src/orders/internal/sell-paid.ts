import type { OrdersDeps } from '../../deps.ts'
import { type SellDeps, sellStock } from '../../stock/sell-stock.ts'
import { isPaidByPlacing } from '../domain/amount-due.ts'
import type { Order } from '../domain/order.ts'

export type SellPaidDeps = SellDeps & Pick<OrdersDeps, 'warn'>

/**
 * The order after its stock is sold, if it was paid by placing it. It is placed whatever comes of that: the sweep repeats what fails.
 */
export async function sellPaid(deps: SellPaidDeps, order: Order): Promise<Order> {
  if (!isPaidByPlacing(order) || order.status !== 'processing' || order.stockCommitted) return order
  try {
    await sellStock(deps, order)
    return (await deps.orders.find(order.id)) ?? order
  } catch (error) {
    deps.warn('order_unsold', { orderId: order.id, error })
    return order
  }
}
