import type { OrderChanged, OrderNotFound, OrderRefunded, StatusChangeRefused } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { OrderStatus } from '@shop/contracts/orders/states'
import { type AccessFailure, isStaff } from '@shop/kernel/caller'
import { fail, type Result } from '@shop/kernel/result'
import { actorOf } from '../access/domain/visibility.ts'
import type { OrdersDeps } from '../deps.ts'
import { type ChangeDeps, changeOrder } from './change-order.ts'
import { advance, cancel, isFulfilmentStatus } from './domain/lifecycle.ts'
import type { Order } from './domain/order.ts'
import { getOrder } from './get-order.ts'

type StatusFailure = AccessFailure | OrderNotFound | StatusChangeRefused | OrderRefunded | OrderChanged

/**
 * Ships, delivers or cancels an order. Staff ship and deliver, and cancel until it ships. The buyer cancels while it is
 * pending.
 *
 * The stock of a cancelled order is freed after its payment was voided or refunded, shortly after the answer. Payments
 * capture an authorized order once they get the event that it shipped.
 */
export async function changeOrderStatus(
  deps: ChangeDeps & Pick<OrdersDeps, 'tokens'>,
  access: OrderAccess,
  status: OrderStatus,
): Promise<Result<Order, StatusFailure>> {
  const found = await getOrder(deps, access)
  if (!found.ok) return found
  if (isFulfilmentStatus(status) && !isStaff(access.caller)) return fail({ code: 'forbidden' })
  const actor = actorOf(access.caller)
  const known = found.value
  return changeOrder(deps, { orderId: known.id, actor, known }, (order) =>
    status === 'cancelled' ? cancel(order, actor) : advance(order, status),
  )
}
