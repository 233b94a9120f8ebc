import type { QuantityExceedsToReceive, ReturnStatusConflict } from '@shop/contracts/orders/return-failures'
import type { OrderActor } from '@shop/contracts/orders/states'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { Caller } from '@shop/kernel/caller'
import { type Created, type CreateOnceFailure, createOnce, creationKey, type KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey, IdempotencyKeyRequired } from '@shop/kernel/idempotency'
import { fail, type Result } from '@shop/kernel/result'
import { actorOf } from '../access/domain/visibility.ts'
import type { OrdersDeps } from '../deps.ts'
import { type AdjustDeps, applyStockAdjustments } from '../stock/apply-stock-adjustments.ts'
import type { StockAdjustment } from '../stock/domain/stock-adjustment.ts'
import { receiveReturn as decide, type ReceivedItem } from './domain/return-steps.ts'
import {
  type ChangeReturnDeps,
  type ChangeReturnFailure,
  type SaveReturnFailure,
  saveReturn,
} from './internal/change-return.ts'
import { findReturn, type ReturnOfOrder } from './internal/find-return.ts'

type ReceiveDeps = ChangeReturnDeps & AdjustDeps & Pick<OrdersDeps, 'creationKeys'>
type DecisionFailure = ReturnStatusConflict | QuantityExceedsToReceive
type ReceiveFailure = ChangeReturnFailure | IdempotencyKeyRequired | DecisionFailure | CreateOnceFailure

/**
 * Records received units of a return, once for each key. Restocked units are added to the stock; if the catalog is unavailable, a sweep
 * adds them later.
 */
export async function receiveReturn(
  deps: ReceiveDeps,
  caller: Caller,
  { returnId, items }: { returnId: string; items: ReceivedItem[] },
  idempotencyKey?: string,
): Promise<Result<Created<ReturnOfOrder>, ReceiveFailure>> {
  const staff = requireScope(caller, 'orders:return')
  if (!staff.ok) return staff
  const found = await findReturn(deps, returnId)
  if (!found.ok) return found
  if (idempotencyKey === undefined) return fail({ code: 'idempotency_key_required' })
  const key = await creationKey(`${actorIdOf(staff.value)}:receiveReturn`, idempotencyKey, { returnId, items })
  const by = { key, actor: actorOf(caller, 'orders:return') }
  return createOnce(key, {
    create: () => receive(deps, found.value, items, by),
    findKey: deps.creationKeys.find,
    find: async (id) => {
      const known = await findReturn(deps, id)
      return known.ok ? known.value : undefined
    },
  })
}

/** Fails with `idempotency_key_known` if another request with the key was first; the return is then unchanged. */
async function receive(
  deps: ReceiveDeps,
  found: ReturnOfOrder,
  items: ReceivedItem[],
  by: { actor: OrderActor; key: IdempotencyKey | undefined },
): Promise<Result<ReturnOfOrder, DecisionFailure | SaveReturnFailure | KeyKnown>> {
  let receipts = found.returned.receipts
  let adjustments: StockAdjustment[] = []
  const saved = await saveReturn(deps, found, by, (order, known) => {
    const decided = decide(order, known, items, deps.now())
    receipts = known.receipts
    if (decided.ok && decided.value.kind === 'changed') adjustments = decided.value.stockAdjustments ?? []
    return decided
  })
  if (!saved.ok) return saved
  const { order, returned } = saved.value
  if (returned.receipts === receipts) return fail({ code: 'idempotency_key_known' })
  await applyStockAdjustments(
    deps,
    adjustments.map((one) => ({ ...one, orderId: order.id })),
  )
  return saved
}
