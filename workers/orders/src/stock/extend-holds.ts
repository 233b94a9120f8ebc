import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { variantIdsOf } from './domain/stock-lines.ts'

/**
 * Extends the holds of an order to a grace period after it expires. A hold that has ended is no failure here: the sale takes
 * the units again, or the payment is refunded.
 */
export async function extendHolds(
  deps: Pick<OrdersDeps, 'catalog' | 'holdGraceSeconds'>,
  order: Pick<Order, 'id' | 'lines' | 'expiresAt'>,
): Promise<Result<undefined, ServiceUnavailable>> {
  const extended = await deps.catalog.extendHolds({
    holdId: order.id,
    variantIds: variantIdsOf(order.lines),
    expiresAt: addSeconds(order.expiresAt, deps.holdGraceSeconds),
  })
  return !extended.ok && extended.failure.code === 'service_unavailable' ? fail(extended.failure) : ok()
}
