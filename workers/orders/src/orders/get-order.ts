import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
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
