import type { HoldConflict } from '@shop/contracts/catalog/failures'
import type { OrderChanged, OrderNotFound, ProductOutOfStock } from '@shop/contracts/orders/failures'
import type { OrderActor } from '@shop/contracts/orders/states'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { OrderId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../../deps.ts'
import { type ChangeDeps, changeOrder } from '../../orders/change-order.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { Changed, Step } from '../../orders/domain/steps.ts'
import { holdStock } from '../../stock/hold-stock.ts'
import { releaseStock } from '../../stock/release-stock.ts'
import type { EditMade } from '../domain/edit-step.ts'
import type { AddedLines } from './price-added-items.ts'

export type SaveEditDeps = ChangeDeps & Pick<OrdersDeps, 'catalog' | 'holdGraceSeconds' | 'hadNoEffect'>

type Target = { orderId: OrderId; actor: OrderActor; known: Order; key: IdempotencyKey | undefined }
/** `change` is undefined if the edit changes nothing. */
type SavedEdit = { order: Order; change: Changed | undefined }

/**
 * Holds the units that an edit adds, under the edit's id, and saves the edit. If the edit is refused, its hold is released. If the
 * outcome of the save is unknown, the hold stays, because the edit may have been saved.
 */
export async function saveEdit<F>(
  deps: SaveEditDeps,
  target: Target,
  { added, made }: { added: AddedLines; made: EditMade },
  decide: (order: Order) => Result<Step, F>,
): Promise<
  Result<SavedEdit, F | OrderNotFound | OrderChanged | KeyKnown | ProductOutOfStock | HoldConflict | ServiceUnavailable>
> {
  const { lines, quotes } = added
  const hold = { id: made.editId, lines, expiresAt: made.expiresAt }
  const held = lines.length === 0 ? ok() : await holdStock(deps, hold, quotes)
  if (!held.ok) return held
  const release = async () => {
    if (lines.length > 0) await releaseStock(deps, { id: target.orderId, lines })
  }
  let decided: { step: Step; version: number } | undefined
  const changed = await changeOrder(deps, target, (order) => {
    const step = decide(order)
    decided = step.ok ? { step: step.value, version: order.version } : undefined
    return step
  }).catch(async (error: unknown) => {
    if (deps.hadNoEffect(error)) await release()
    throw error
  })
  const change = decided?.step.kind === 'changed' ? decided.step : undefined
  const isSaved = changed.ok && (change === undefined || changed.value.version > (decided?.version ?? 0))
  if (!isSaved || change === undefined) await release()
  if (!changed.ok) return changed
  // The key was stored by another request.
  return isSaved ? ok({ order: changed.value, change }) : fail({ code: 'idempotency_key_known' })
}
