import type { OrderAccess, OrderNotFound } from '@shop/contracts'
import type { AuthenticationRequired, Result } from '@shop/kernel'
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
