import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

/** Whether the order still waits for payment. Payments ask before they continue a payment on their own. */
export async function isPending(
  deps: Pick<OrdersDeps, 'orders'>,
  orderId: OrderId,
): Promise<Result<boolean, OrderNotFound>> {
  const order = await deps.orders.find(orderId)
  return order === undefined ? fail({ code: 'order_not_found' }) : ok(order.status === 'pending')
}
