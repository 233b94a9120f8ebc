import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { OrderActor } from '@shop/contracts/orders/states'
import { ok, type Result } from '@shop/kernel/result'
import { type ChangeDeps, changeOrder } from '../orders/change-order.ts'
import type { Order } from '../orders/domain/order.ts'
import { complete } from './domain/completion.ts'

/**
 * Moves an order to `shipped`, and on to `delivered`, if a change has left nothing to wait for: such as the removal of its last
 * units. Safe to repeat; it costs nothing where there is nothing to do.
 */
export async function completeOrder(
  deps: ChangeDeps,
  known: Order,
  actor: OrderActor,
): Promise<Result<Order, OrderNotFound | OrderChanged>> {
  const target = { orderId: known.id, actor }
  const shipped = await changeOrder(deps, { ...target, known }, (order) => ok(complete(order)))
  return shipped.ok ? changeOrder(deps, { ...target, known: shipped.value }, (order) => ok(complete(order))) : shipped
}
