import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { ReturnNotFound } from '@shop/contracts/orders/return-failures'
import type { OrderActor } from '@shop/contracts/orders/states'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { ok, type Result } from '@shop/kernel/result'
import { actorOf } from '../../access/domain/visibility.ts'
import type { OrdersDeps } from '../../deps.ts'
import { type ChangeDeps, changeOrder } from '../../orders/change-order.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { Step } from '../../orders/domain/steps.ts'
import type { Return } from '../domain/return.ts'
import { findReturn, noReturn, type ReturnOfOrder, returnIn } from './find-return.ts'

export type ChangeReturnDeps = ChangeDeps & Pick<OrdersDeps, 'returns'>
export type SaveReturnFailure = ReturnNotFound | OrderNotFound | OrderChanged
export type ChangeReturnFailure = AccessFailure | SaveReturnFailure
export type DecideReturn<F> = (order: Order, returned: Return) => Result<Step, F>

/** Changes a return and its order by one decision of staff. Requires `orders:return`. */
export async function changeReturn<F>(
  deps: ChangeReturnDeps,
  caller: Caller,
  returnId: string,
  decide: DecideReturn<F>,
): Promise<Result<ReturnOfOrder, F | ChangeReturnFailure>> {
  const staff = requireScope(caller, 'orders:return')
  if (!staff.ok) return staff
  const found = await findReturn(deps, returnId)
  if (!found.ok) return found
  return saveReturn(deps, found.value, { actor: actorOf(caller, 'orders:return') }, decide)
}

/** Saves a decision about a return that was just read. Reads the order again and repeats the decision if another writer won. */
export async function saveReturn<F>(
  deps: ChangeDeps,
  { order: known, returned: { id } }: ReturnOfOrder,
  by: { actor: OrderActor; key?: IdempotencyKey | undefined },
  decide: DecideReturn<F>,
): Promise<Result<ReturnOfOrder, F | SaveReturnFailure>> {
  const changed = await changeOrder(
    deps,
    { orderId: known.id, known, ...by },
    (order): Result<Step, F | ReturnNotFound> => {
      const current = returnIn(order, id)
      return current === undefined ? noReturn(id) : decide(order, current.returned)
    },
  )
  if (!changed.ok) return changed
  const after = returnIn(changed.value, id)
  return after === undefined ? noReturn(id) : ok(after)
}
