import type { Order, OrderAccess, OrderEvent, OrderNotFound } from '@shop/contracts'
import type { AuthenticationRequired, Result } from '@shop/kernel'
import type { OrdersDeps } from '../ports.ts'
import { readFor } from './get-order.ts'

/** All that has happened to an order, oldest first, for whoever may see it. */
export function listOrderEvents(
  deps: OrdersDeps,
  access: OrderAccess,
): Promise<Result<{ order: Order; events: OrderEvent[] }, AuthenticationRequired | OrderNotFound>> {
  return readFor(deps, access, deps.store.findWithEvents, ({ order }) => order)
}
