import type { OrderAccess } from '@shop/contracts/orders/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../deps.ts'
import { readVisibleOrder } from './read-visible-order.ts'

/** Whether the caller may see the order. Nobody sees an order that does not exist. */
export async function maySeeOrder(
  deps: Pick<OrdersDeps, 'tokens' | 'orders'>,
  access: OrderAccess,
): Promise<Result<boolean, never>> {
  const found = await readVisibleOrder(deps, access, deps.orders.find, (order) => order)
  return ok(found.ok)
}
