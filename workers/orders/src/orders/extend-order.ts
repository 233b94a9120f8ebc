import type { OrderNotFound, OrderNotPayable } from '@shop/contracts/orders/failures'
import type { OrderId } from '@shop/kernel/ids'
import { fail, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import { extendHolds } from '../stock/extend-holds.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from './change-order.ts'
import { extend } from './domain/lifecycle.ts'

/** Gives a pending order and its holds their full time again while its payment is processing. */
export async function extendOrder(
  deps: ChangeDeps & Pick<OrdersDeps, 'catalog' | 'holdSeconds' | 'holdGraceSeconds'>,
  orderId: OrderId,
): Promise<Result<undefined, OrderNotFound | OrderNotPayable | ServiceUnavailable>> {
  const seconds = deps.holdSeconds
  const until = addSeconds(deps.now(), seconds)
  const extended = await changeOrder(deps, { orderId, actor: SYSTEM }, (order) => extend(order, { until, seconds }))
  if (extended.ok) return extendHolds(deps, extended.value)
  return fail(extended.failure.code === 'order_changed' ? { code: 'service_unavailable' } : extended.failure)
}
