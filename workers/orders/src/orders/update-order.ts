import type { OrderChanged, OrderErased, OrderNotFound } from '@shop/contracts/orders/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import type { MetadataChanges, MetadataTooLarge } from '@shop/kernel/metadata'
import { fail, ok, type Result } from '@shop/kernel/result'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { actorOf } from '../access/domain/visibility.ts'
import { type ChangeDeps, changeOrder } from './change-order.ts'
import { changeMetadata } from './domain/metadata-step.ts'
import type { Order } from './domain/order.ts'
import { type Step, UNCHANGED } from './domain/steps.ts'

type UpdateOrder = {
  orderId: string
  metadata?: MetadataChanges | undefined
  /** The versions of the order that the caller agrees to change. */
  versions?: ExpectedVersions
}
type UpdateFailure = AccessFailure | OrderNotFound | VersionConflict | MetadataTooLarge | OrderErased | OrderChanged

/** Changes what staff keep with an order. */
export async function updateOrder(
  deps: ChangeDeps,
  caller: Caller,
  { orderId, metadata, versions }: UpdateOrder,
): Promise<Result<Order, UpdateFailure>> {
  const staff = requireScope(caller, 'orders:write')
  if (!staff.ok) return staff
  if (!isId('order', orderId)) return fail({ code: 'order_not_found' })
  return changeOrder(
    deps,
    { orderId, actor: actorOf(caller, 'orders:write') },
    (order): Result<Step, UpdateFailure> => {
      const current = checkVersion(versions, order.version)
      if (!current.ok) return current
      return metadata === undefined ? ok(UNCHANGED) : changeMetadata(order, metadata)
    },
  )
}
