import type { OrderChanged, OrderNotFound, StatusChangeRefused } from '@shop/contracts/orders/failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { OrderStatus } from '@shop/contracts/orders/states'
import { forbiddenTo, hasScope } from '@shop/kernel/access'
import type { AccessFailure } from '@shop/kernel/caller'
import { fail, type Result } from '@shop/kernel/result'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { actorOf } from '../access/domain/visibility.ts'
import { isOwn } from '../access/read-visible-order.ts'
import type { OrdersDeps } from '../deps.ts'
import { type AdvanceFailure, advance } from '../fulfillment/domain/advance.ts'
import { type ChangeDeps, changeOrder } from './change-order.ts'
import { cancel, isFulfilmentStatus } from './domain/lifecycle.ts'
import type { Order } from './domain/order.ts'
import type { Step } from './domain/steps.ts'
import { getOrder } from './get-order.ts'

type StatusFailure =
  | AccessFailure
  | OrderNotFound
  | VersionConflict
  | StatusChangeRefused
  | AdvanceFailure
  | OrderChanged

/**
 * Ships or delivers all of an order, or cancels it. Staff with the scope ship and deliver, or cancel until a part has left. The
 * buyer cancels while it is pending.
 *
 * The stock of a cancelled order is freed after its payment was voided or refunded, shortly after the answer. Payments
 * capture an authorized order once they get the event of its first shipment.
 *
 * @param versions the versions of the order that the caller agrees to change
 */
export async function changeOrderStatus(
  deps: ChangeDeps & Pick<OrdersDeps, 'tokens' | 'newId'>,
  access: OrderAccess,
  status: OrderStatus,
  versions?: ExpectedVersions,
): Promise<Result<Order, StatusFailure>> {
  const scope = status === 'cancelled' ? 'orders:cancel' : 'orders:fulfill'
  const found = await getOrder(deps, access, ['orders:read', scope])
  if (!found.ok) return found
  const mayAsStaff = hasScope(access.caller, scope)
  if (!mayAsStaff && isFulfilmentStatus(status)) return fail(forbiddenTo(access.caller, scope))
  // Somebody who may read all orders does not act as the owner of one.
  if (!mayAsStaff && !(await isOwn(deps, found.value, access))) return fail(forbiddenTo(access.caller, scope))
  const actor = actorOf(access.caller, scope)
  const change = (known: Order, expected: ExpectedVersions | undefined) =>
    changeOrder(deps, { orderId: known.id, actor, known }, (order): Result<Step, StatusFailure> => {
      const current = checkVersion(expected, order.version)
      if (!current.ok) return current
      if (status === 'cancelled') return cancel(order, actor)
      return advance(order, status, { id: deps.newId('shipment'), at: deps.now() })
    })
  let changed = await change(found.value, versions)
  // Each step changes one shipment, and the versions are those before the first.
  while (changed.ok && changed.value.status !== status) changed = await change(changed.value, undefined)
  return changed
}
