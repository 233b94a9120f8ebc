import type { OrderChanged, OrderNotFound, OrderRefunded, StatusChangeRefused } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { OrderStatus } from '@shop/contracts/orders/states'
import { type AccessFailure, isStaff } from '@shop/kernel/caller'
import { fail, type Result } from '@shop/kernel/result'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { actorOf } from '../access/domain/visibility.ts'
import type { OrdersDeps } from '../deps.ts'
import { type ChangeDeps, changeOrder } from './change-order.ts'
import { advance, cancel, isFulfilmentStatus } from './domain/lifecycle.ts'
import type { Order } from './domain/order.ts'
import type { Step } from './domain/steps.ts'
import { getOrder } from './get-order.ts'

type StatusFailure =
  | AccessFailure
  | OrderNotFound
  | VersionConflict
  | StatusChangeRefused
  | OrderRefunded
  | OrderChanged

/**
 * Ships, delivers or cancels an order. Staff ship and deliver, and cancel until it ships. The buyer cancels while it is
 * pending.
 *
 * The stock of a cancelled order is freed after its payment was voided or refunded, shortly after the answer. Payments
 * capture an authorized order once they get the event that it shipped.
 *
 * @param versions the versions of the order that the caller agrees to change
 */
export async function changeOrderStatus(
  deps: ChangeDeps & Pick<OrdersDeps, 'tokens'>,
  access: OrderAccess,
  status: OrderStatus,
  versions?: ExpectedVersions,
): Promise<Result<Order, StatusFailure>> {
  const found = await getOrder(deps, access)
  if (!found.ok) return found
  if (isFulfilmentStatus(status) && !isStaff(access.caller)) return fail({ code: 'forbidden' })
  const actor = actorOf(access.caller)
  const known = found.value
  return changeOrder(deps, { orderId: known.id, actor, known }, (order): Result<Step, StatusFailure> => {
    const current = checkVersion(versions, order.version)
    if (!current.ok) return current
    return status === 'cancelled' ? cancel(order, actor) : advance(order, status)
  })
}
