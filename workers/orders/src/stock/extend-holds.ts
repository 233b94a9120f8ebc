import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { holdsOf, variantIdsOf } from './domain/stock-lines.ts'

/**
 * Extends the holds of an order to a grace period after it expires. A hold that has ended is no failure here: the sale takes
 * the units again, or the payment is refunded.
 */
export async function extendHolds(
  deps: Pick<OrdersDeps, 'catalog' | 'holdGraceSeconds'>,
  order: Pick<Order, 'id' | 'lines' | 'expiresAt'>,
): Promise<Result<undefined, ServiceUnavailable>> {
  const expiresAt = addSeconds(order.expiresAt, deps.holdGraceSeconds)
  const extended = await Promise.all(
    holdsOf(order).map(({ holdId, lines }) =>
      deps.catalog.extendHolds({ holdId, variantIds: variantIdsOf(lines), expiresAt }),
    ),
  )
  const isAway = extended.some((one) => !one.ok && one.failure.code === 'service_unavailable')
  return isAway ? fail({ code: 'service_unavailable' }) : ok()
}
