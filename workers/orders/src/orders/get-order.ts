import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import type { Scope } from '@shop/kernel/scopes'
import { readVisibleOrder } from '../access/read-visible-order.ts'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from './domain/order.ts'

/** Reads an order for its owner, for the guest who has its token, and for staff with one of the scopes (`orders:read`). */
export function getOrder(
  deps: Pick<OrdersDeps, 'orders' | 'tokens'>,
  access: OrderAccess,
  scopes?: readonly Scope[],
): Promise<Result<Order, AuthenticationRequired | OrderNotFound>> {
  return readVisibleOrder(deps, access, deps.orders.find, (order) => order, scopes)
}
