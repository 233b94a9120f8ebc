import type { OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { AuthenticationRequired } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import { readVisibleOrder } from '../access/read-visible-order.ts'
import type { OrdersDeps } from '../deps.ts'
import type { Order, OrderEvent } from './domain/order.ts'

/** An order with its events, oldest first, for callers who may see it. */
export function listOrderEvents(
  deps: Pick<OrdersDeps, 'orders' | 'tokens'>,
  access: OrderAccess,
): Promise<Result<{ order: Order; events: OrderEvent[] }, AuthenticationRequired | OrderNotFound>> {
  return readVisibleOrder(deps, access, deps.orders.findWithEvents, ({ order }) => order)
}
