import type { OrderChanged } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { Order } from '../../orders/domain/order.ts'
import { type Step, UNCHANGED } from '../../orders/domain/steps.ts'
import { cancelForMissingStock } from '../../stock/domain/stock-steps.ts'
import { type EditMade, linesStep } from './edit-step.ts'
import { shrinkLine } from './shrink-line.ts'

/**
 * Decides what becomes of a paid order when units of some holds are no longer available. Lines that edits added are taken off again,
 * and what was paid for them goes back. Where units are missing that were ordered, or nothing would be left, the order is cancelled.
 *
 * @param holdIds the holds that could not be sold
 */
export function missingStep(
  order: Order,
  holdIds: ReadonlySet<string>,
  made: Pick<EditMade, 'editId' | 'refundId' | 'at'>,
): Result<Step, OrderChanged> {
  if (order.status === 'cancelled') return ok(UNCHANGED)
  const missing = order.lines.filter(({ holdId }) => holdIds.has(holdId ?? order.id))
  const isOrdered = holdIds.has(order.id) || missing.length === order.lines.length
  if (isOrdered || order.stockCommitted || order.status !== 'processing') return cancelForMissingStock(order)
  const shrunk = missing.map((line) => shrinkLine(line, 0, order.pricesIncludeTax))
  const taken = linesStep(order, { shrunk, added: [] }, made)
  // Less is never due than before, so it is never too little or too much to charge.
  if (!taken.ok) return cancelForMissingStock(order)
  const { to, data } = taken.value
  return ok({
    ...taken.value,
    to: { ...to, stockCommitted: true },
    data: { ...data, reason: 'stock_gone' },
    stockAdjustments: [],
  })
}
