import type { OrderAccess, OrderNotFound } from '@shop/contracts'
import type { AuthenticationRequired, Result } from '@shop/kernel'
import { readVisibleOrder } from '../access/read-visible-order.ts'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from './domain/order.ts'

/** Reads an order for its owner, for staff or for the guest who has its token. */
export function getOrder(
  deps: Pick<OrdersDeps, 'orders' | 'tokens'>,
  access: OrderAccess,
): Promise<Result<Order, AuthenticationRequired | OrderNotFound>> {
  return readVisibleOrder(deps, access, deps.orders.find, (order) => order)
}
