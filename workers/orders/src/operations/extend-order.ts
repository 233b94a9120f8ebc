import type { OrderNotFound, OrderNotPayable } from '@shop/contracts'
import { addSeconds, fail, type OrderId, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { extend } from '../domain/order.ts'
import { variantIdsOf } from '../domain/pricing.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder, SYSTEM } from './change-order.ts'

/**
 * Gives a pending order its full time again, and its holds with it, while its payment is on the way. A hold that is
 * gone already is no failure here: the capture takes the units again or gives the money back.
 */
export async function extendOrder(
  deps: OrdersDeps,
  orderId: OrderId,
): Promise<Result<undefined, OrderNotFound | OrderNotPayable | ServiceUnavailable>> {
  const seconds = deps.holdSeconds
  const until = addSeconds(deps.now(), seconds)
  const extended = await changeOrder(deps, { orderId, actor: SYSTEM }, (order) => extend(order, { until, seconds }))
  if (!extended.ok) {
    return fail(extended.failure.code === 'order_changed' ? { code: 'service_unavailable' } : extended.failure)
  }
  const held = await deps.catalog.extendHolds({
    holdId: orderId,
    variantIds: variantIdsOf(extended.value.lines),
    expiresAt: addSeconds(extended.value.expiresAt, deps.holdGraceSeconds),
  })
  return !held.ok && held.failure.code === 'service_unavailable' ? fail(held.failure) : ok()
}
