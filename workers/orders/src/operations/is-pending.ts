import type { OrderNotFound } from '@shop/contracts'
import { fail, type OrderId, ok, type Result } from '@shop/kernel'
import type { OrdersDeps } from '../ports.ts'

/** Whether the order still waits for its payment, as payments asks before it goes on with one on its own. */
export async function isPending(deps: OrdersDeps, orderId: OrderId): Promise<Result<boolean, OrderNotFound>> {
  const order = await deps.store.find(orderId)
  return order === undefined ? fail({ code: 'order_not_found' }) : ok(order.status === 'pending')
}
