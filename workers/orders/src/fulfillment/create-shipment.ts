import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKeyRequired } from '@shop/kernel/idempotency'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { actorOf } from '../access/domain/visibility.ts'
import type { OrdersDeps } from '../deps.ts'
import { type ChangeDeps, changeOrder } from '../orders/change-order.ts'
import { createShipment as decideShipment, type ShipmentDraft } from './domain/shipment-steps.ts'
import { type ShipmentOfOrder, shipmentIn } from './internal/find-shipment.ts'

type CreateDeps = ChangeDeps & Pick<OrdersDeps, 'creationKeys' | 'newId'>
type DraftFailure = Exclude<ReturnType<typeof decideShipment>, { ok: true }>['failure']
type CreateFailure =
  | AccessFailure
  | IdempotencyKeyRequired
  | OrderNotFound
  | OrderChanged
  | DraftFailure
  | CreateOnceFailure

/** Ships, or packs, units that are left of an order; once for each key. */
export async function createShipment(
  deps: CreateDeps,
  caller: Caller,
  orderId: string,
  draft: ShipmentDraft,
  idempotencyKey?: string,
): Promise<Result<Created<ShipmentOfOrder>, CreateFailure>> {
  const staff = requireScope(caller, 'orders:fulfill')
  if (!staff.ok) return staff
  if (!isId('order', orderId)) return fail({ code: 'order_not_found' })
  if (idempotencyKey === undefined) return fail({ code: 'idempotency_key_required' })
  const key = await creationKey(`${actorIdOf(staff.value)}:createShipment`, idempotencyKey, { orderId, ...draft })
  const target = { orderId, key, actor: actorOf(caller, 'orders:fulfill') }
  const made = { id: deps.newId('shipment'), at: deps.now() }
  return createOnce(key, {
    create: async (): Promise<Result<ShipmentOfOrder, DraftFailure | OrderNotFound | OrderChanged | KeyKnown>> => {
      const changed = await changeOrder(deps, target, (order) => decideShipment(order, draft, made))
      if (!changed.ok) return changed
      const created = shipmentIn(changed.value, made.id)
      return created === undefined ? fail({ code: 'idempotency_key_known' }) : ok(created)
    },
    findKey: deps.creationKeys.find,
    find: async (id) => {
      const order = isId('shipment', id) ? await deps.orders.findOfShipment(id) : undefined
      return order && shipmentIn(order, id)
    },
  })
}
