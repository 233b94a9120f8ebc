import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'

/** Whether orders still wait for payment. Payments ask before they continue payments on their own. */
export async function arePending(
  deps: Pick<OrdersDeps, 'orders'>,
  orderIds: OrderId[],
): Promise<Result<Result<boolean, OrderNotFound>[], never>> {
  const statuses = await deps.orders.statusesOf(orderIds)
  return ok(
    orderIds.map((orderId) => {
      const status = statuses.get(orderId)
      return status === undefined ? fail({ code: 'order_not_found' } as const) : ok(status === 'pending')
    }),
  )
}
