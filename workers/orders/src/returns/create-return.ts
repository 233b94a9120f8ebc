import type { OrderChanged, OrderLineNotFound, OrderNotFound } from '@shop/contracts/orders/failures'
import type {
  QuantityExceedsReturnable,
  ReturnReasonUnknown,
  ReturnWindowOver,
} from '@shop/contracts/orders/return-failures'
import type { OrderAccess } from '@shop/contracts/orders/rpc'
import type { OrderActor } from '@shop/contracts/orders/states'
import { forbiddenTo, hasScope } from '@shop/kernel/access'
import type { AccessFailure } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKeyRequired } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import { actorOf } from '../access/domain/visibility.ts'
import { isOwn } from '../access/read-visible-order.ts'
import type { OrdersDeps } from '../deps.ts'
import { changeOrder } from '../orders/change-order.ts'
import type { Order } from '../orders/domain/order.ts'
import type { Step } from '../orders/domain/steps.ts'
import { getOrder } from '../orders/get-order.ts'
import { checkReasons, checkWindow } from './domain/return-policy.ts'
import { type ReturnDraft, requestReturn } from './domain/return-steps.ts'
import type { ChangeReturnDeps } from './internal/change-return.ts'
import { findReturn, type ReturnOfOrder, returnIn } from './internal/find-return.ts'

type CreateDeps = ChangeReturnDeps & Pick<OrdersDeps, 'creationKeys' | 'newId' | 'returnPolicy' | 'tokens'>
type DraftFailure = ReturnReasonUnknown | ReturnWindowOver | OrderLineNotFound | QuantityExceedsReturnable
type CreateFailure =
  | AccessFailure
  | IdempotencyKeyRequired
  | OrderNotFound
  | OrderChanged
  | DraftFailure
  | CreateOnceFailure

/**
 * Requests a return of shipped units, once for each key. Customers can do so until the shop's return window ends. A return that staff
 * create has no window and is approved at once.
 */
export async function createReturn(
  deps: CreateDeps,
  access: OrderAccess,
  draft: ReturnDraft,
  idempotencyKey?: string,
): Promise<Result<Created<ReturnOfOrder>, CreateFailure>> {
  const { caller } = access
  const found = await getOrder(deps, access, ['orders:read', 'orders:return'])
  if (!found.ok) return found
  const isByStaff = hasScope(caller, 'orders:return')
  // The scope to read all orders does not allow creating returns for them.
  if (!isByStaff && !(await isOwn(deps, found.value, access))) return fail(forbiddenTo(caller, 'orders:return'))
  if (idempotencyKey === undefined) return fail({ code: 'idempotency_key_required' })
  const { id: orderId } = found.value
  const actor = actorOf(caller, 'orders:return')
  const key = await creationKey(`${keyOwnerOf(actor, orderId)}:createReturn`, idempotencyKey, { orderId, ...draft })
  const made = { id: deps.newId('return'), at: deps.now(), by: actor }
  const decide = (order: Order): Result<Step, DraftFailure> => {
    const reasons = checkReasons(deps.returnPolicy, draft.items)
    if (!reasons.ok) return reasons
    const inTime = isByStaff ? ok() : checkWindow(deps.returnPolicy, order, draft.items, made.at)
    return inTime.ok ? requestReturn(order, draft, made) : inTime
  }
  return createOnce(key, {
    create: async (): Promise<Result<ReturnOfOrder, DraftFailure | OrderNotFound | OrderChanged | KeyKnown>> => {
      const changed = await changeOrder(deps, { orderId, actor, key, known: found.value }, decide)
      if (!changed.ok) return changed
      const created = returnIn(changed.value, made.id)
      return created === undefined ? fail({ code: 'idempotency_key_known' }) : ok(created)
    },
    findKey: deps.creationKeys.find,
    find: async (id) => {
      const known = await findReturn(deps, id)
      return known.ok ? known.value : undefined
    },
  })
}

/** Keys are scoped to the account, or for a guest to the order, since only the holder of its token can use them. */
const keyOwnerOf = (actor: OrderActor, orderId: string): string => ('userId' in actor ? actor.userId : orderId)
