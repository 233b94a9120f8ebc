import {
  addSeconds,
  fail,
  type OrderId,
  type OrderNotFound,
  type OrderNotPayable,
  ok,
  type Result,
  type ServiceUnavailable,
} from '@shop/contracts'
import { variantIdsOf } from '../domain/pricing.ts'
import type { OrdersDeps } from '../ports.ts'

/**
 * Gives a pending order its full time again, and its holds with it, while its payment is on the way. A hold that is
 * gone already is no failure here: the capture takes the units again or gives the money back.
 */
export async function extendOrder(
  deps: OrdersDeps,
  orderId: OrderId,
): Promise<Result<undefined, OrderNotFound | OrderNotPayable | ServiceUnavailable>> {
  const order = await deps.store.find(orderId)
  if (order === undefined) return fail({ code: 'order_not_found' })
  const now = deps.now()
  const expiresAt = await deps.store.extendExpiry({ orderId, expiresAt: addSeconds(now, deps.holdSeconds), now })
  if (expiresAt === undefined) return fail({ code: 'order_not_payable', orderStatus: order.status })
  const extended = await deps.catalog.extendHolds({
    holdId: orderId,
    variantIds: variantIdsOf(order.lines),
    expiresAt: addSeconds(expiresAt, deps.holdGraceSeconds),
  })
  return !extended.ok && extended.failure.code === 'service_unavailable' ? fail(extended.failure) : ok()
}
