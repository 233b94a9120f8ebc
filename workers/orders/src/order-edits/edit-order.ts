import type { HoldConflict } from '@shop/contracts/catalog/failures'
import type { OrderChanged, OrderNotFound, ProductOutOfStock } from '@shop/contracts/orders/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey, IdempotencyKeyRequired } from '@shop/kernel/idempotency'
import { isId, type OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import { actorOf } from '../access/domain/visibility.ts'
import type { OrdersDeps } from '../deps.ts'
import type { Order } from '../orders/domain/order.ts'
import { changeOf, type Step } from '../orders/domain/steps.ts'
import { type EditFailure, type EditMade, editStep, outcomeOf } from './domain/edit-step.ts'
import type { EditOutcome, WantedEdit } from './domain/order-edit.ts'
import { planEdit } from './domain/plan-edit.ts'
import { findEdit } from './internal/find-edit.ts'
import { type FinishDeps, finishEdit } from './internal/finish-edit.ts'
import {
  type AddedLines,
  type PriceAddedDeps,
  type PriceFailure,
  priceAddedItems,
} from './internal/price-added-items.ts'
import { type SaveEditDeps, saveEdit } from './internal/save-edit.ts'

type EditDeps = SaveEditDeps &
  PriceAddedDeps &
  FinishDeps &
  Pick<OrdersDeps, 'creationKeys' | 'newId' | 'holdSeconds' | 'guestHoldSeconds'>

type EditRequest = {
  orderId: string
  wanted: WantedEdit
  /** Decides the edit without saving it. */
  isPreview: boolean
  /** The versions of the order that the caller accepts; any by default. */
  versions?: ExpectedVersions
  idempotencyKey?: string | undefined
}

export type EditedOrder = { order: Order; outcome: EditOutcome }
type DecideFailure = OrderNotFound | VersionConflict | EditFailure | PriceFailure
type EditOrderFailure =
  | AccessFailure
  | IdempotencyKeyRequired
  | CreateOnceFailure
  | DecideFailure
  | ProductOutOfStock
  | HoldConflict
  | OrderChanged

/**
 * Changes items, quantities, addresses or the note of an order before it ships; once for each key. A preview needs no key.
 *
 * The saved edit stands if the catalog then fails: sweeps release, sell and return the stock later.
 */
export async function editOrder(
  deps: EditDeps,
  caller: Caller,
  request: EditRequest,
): Promise<Result<Created<EditedOrder>, EditOrderFailure>> {
  const staff = requireScope(caller, 'orders:write')
  if (!staff.ok) return staff
  const { orderId, wanted, isPreview, versions, idempotencyKey } = request
  if (!isId('order', orderId)) return fail({ code: 'order_not_found' })
  const asked = { orderId, wanted, versions }
  if (isPreview) {
    const preview = await previewEdit(deps, caller, asked)
    return preview.ok ? ok({ value: preview.value, replayed: false }) : preview
  }
  if (idempotencyKey === undefined) return fail({ code: 'idempotency_key_required' })
  const key = await creationKey(`${actorIdOf(staff.value)}:editOrder`, idempotencyKey, { orderId, wanted })
  return createOnce(key, {
    create: () => makeEdit(deps, caller, { ...asked, key }),
    findKey: deps.creationKeys.find,
    find: (subject) => findEdit(deps, subject),
  })
}

type Asked = { orderId: OrderId; wanted: WantedEdit; versions: ExpectedVersions }
type Prepared = { order: Order; added: AddedLines; made: EditMade }

async function previewEdit(deps: EditDeps, caller: Caller, asked: Asked): Promise<Result<EditedOrder, DecideFailure>> {
  const prepared = await prepare(deps, asked)
  if (!prepared.ok) return prepared
  const { order, added, made } = prepared.value
  const step = editStep(order, asked.wanted, added, made)
  if (!step.ok) return step
  if (step.value.kind === 'unchanged') return ok(unchanged(order))
  const change = changeOf(order, step.value, { actor: actorOf(caller, 'orders:write'), at: made.at })
  return ok({ order: change.order, outcome: outcomeOf(change.order, change.event.data) })
}

async function makeEdit(
  deps: EditDeps,
  caller: Caller,
  { key, ...asked }: Asked & { key: IdempotencyKey | undefined },
): Promise<Result<EditedOrder, DecideFailure | ProductOutOfStock | HoldConflict | KeyKnown>> {
  const prepared = await prepare(deps, asked)
  if (!prepared.ok) return prepared
  const { order: known, added, made } = prepared.value
  const actor = actorOf(caller, 'orders:write')
  const decide = (order: Order): Result<Step, VersionConflict | EditFailure> => {
    const current = checkVersion(asked.versions, order.version)
    return current.ok ? editStep(order, asked.wanted, added, made) : current
  }
  const target = { orderId: asked.orderId, actor, known, key }
  const saved = await saveEdit(deps, target, { added, made }, decide)
  if (!saved.ok) return saved
  const { order, change } = saved.value
  if (change === undefined) return ok(unchanged(order))
  const outcome = outcomeOf(order, change.data)
  return ok({
    order: await finishEdit(deps, order, { actor, stockAdjustments: change.stockAdjustments ?? [] }),
    outcome,
  })
}

/** Reads the order, plans the edit and prices what it adds. */
async function prepare(deps: EditDeps, { orderId, wanted, versions }: Asked): Promise<Result<Prepared, DecideFailure>> {
  const order = await deps.orders.find(orderId)
  if (order === undefined) return fail({ code: 'order_not_found' })
  const current = checkVersion(versions, order.version)
  if (!current.ok) return current
  const at = deps.now()
  const expiresAt = addSeconds(at, order.userId === null ? deps.guestHoldSeconds : deps.holdSeconds)
  const made = { editId: deps.newId('orderEdit'), refundId: deps.newId('refund'), at, expiresAt }
  const plan = planEdit(order, wanted, at)
  if (!plan.ok) return plan
  const added = await priceAddedItems(deps, order, plan.value, { wanted, made })
  return added.ok ? ok({ order, added: added.value, made }) : added
}

const unchanged = (order: Order): EditedOrder => ({
  order,
  outcome: { previousTotal: order.total, total: order.total, refund: 0 },
})
