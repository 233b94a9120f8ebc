import type { OrderNotFound, OrderNotPayable } from '@shop/contracts/orders/failures'
import type { OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../deps.ts'
import { extendHolds } from '../stock/extend-holds.ts'
import { forEachJoined } from '../stock/join-orders.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from './change-order.ts'
import { extend } from './domain/lifecycle.ts'

type ExtendDeps = ChangeDeps & Pick<OrdersDeps, 'catalog' | 'joinCatalog' | 'holdSeconds' | 'holdGraceSeconds' | 'warn'>
type Extended = Result<undefined, OrderNotFound | OrderNotPayable | ServiceUnavailable>

/** Gives pending orders and their holds their full time again while their payments are processing. */
export async function extendOrders(deps: ExtendDeps, orderIds: OrderId[]): Promise<Result<Extended[], never>> {
  const extended = await forEachJoined(deps, orderIds, (joined, orderId) =>
    extendOrder(joined, orderId).catch((error: unknown) => {
      deps.warn('order_not_extended', { orderId, error })
      return fail({ code: 'service_unavailable' } as const)
    }),
  )
  return ok(extended)
}

async function extendOrder(deps: ExtendDeps, orderId: OrderId): Promise<Extended> {
  const seconds = deps.holdSeconds
  const until = addSeconds(deps.now(), seconds)
  const extended = await changeOrder(deps, { orderId, actor: SYSTEM }, (order) => extend(order, { until, seconds }))
  if (extended.ok) return extendHolds(deps, extended.value)
  return fail(extended.failure.code === 'order_changed' ? { code: 'service_unavailable' } : extended.failure)
}
