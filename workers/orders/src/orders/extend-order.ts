import type { OrderNotFound, OrderNotPayable } from '@shop/contracts'
import { addSeconds, fail, type OrderId, type Result, type ServiceUnavailable } from '@shop/kernel'
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
