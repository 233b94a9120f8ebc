import type { Order, OrderAccess, OrderChanged, OrderNotFound, OrderStatus, StatusChangeRefused } from '@shop/contracts'
import { type AccessFailure, fail, isStaff, type Result } from '@shop/kernel'
import { actorOf, advance, cancel, isFulfilmentStep } from '../domain/order.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder } from './change-order.ts'
import { getOrder } from './get-order.ts'

type StatusFailure = AccessFailure | OrderNotFound | StatusChangeRefused | OrderChanged

/**
 * Moves an order on: staff fulfil it, or cancel it before it ships; whoever placed it cancels it while it is pending.
 *
 * A cancelled order's stock is freed only after its payment was called off or given back, shortly after the answer. A
 * shipped order whose payment is authorized is announced to payments, which capture it.
 */
export async function changeOrderStatus(
  deps: OrdersDeps,
  access: OrderAccess,
  status: OrderStatus,
): Promise<Result<Order, StatusFailure>> {
  const found = await getOrder(deps, access)
  if (!found.ok) return found
  if (isFulfilmentStep(status) && !isStaff(access.caller)) return fail({ code: 'forbidden' })
  const actor = actorOf(access.caller)
  const known = found.value
  return changeOrder(deps, { orderId: known.id, actor, known }, (order) =>
    status === 'cancelled' ? cancel(order, actor) : advance(order, status),
  )
}
