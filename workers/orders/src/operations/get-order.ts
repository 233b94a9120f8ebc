import {
  type AuthenticationRequired,
  type Caller,
  fail,
  isId,
  isStaff,
  type Order,
  type OrderNotFound,
  ok,
  type Result,
  requireUser,
} from '@shop/contracts'
import type { OrdersDeps } from '../ports.ts'

/** Reads an order for its owner or for staff. Somebody else's reads as not found. */
export async function getOrder(
  deps: OrdersDeps,
  caller: Caller,
  orderId: string,
): Promise<Result<Order, AuthenticationRequired | OrderNotFound>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  if (!isId('order', orderId)) return fail({ code: 'order_not_found' })
  const order = await deps.store.find(orderId)
  if (order === undefined) return fail({ code: 'order_not_found' })
  const mayRead = isStaff(caller) || order.userId === user.value.userId
  return mayRead ? ok(order) : fail({ code: 'order_not_found' })
}
