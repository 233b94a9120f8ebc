import type { OrderChanged } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { Order } from '../../orders/domain/order.ts'
import type { Step } from '../../orders/domain/steps.ts'
import { cancelForMissingStock } from '../../stock/domain/stock-steps.ts'
import { type EditMade, linesStep } from './edit-step.ts'
import { shrinkLine } from './shrink-line.ts'

/**
 * Decides a paid order whose holds could not all be sold. Lines that edits added are removed and refunded. If units of the original order
 * are missing, or no lines would remain, the order is cancelled.
 *
 * @param holdIds the holds that could not be sold
 */
export function missingStep(
  order: Order,
  holdIds: ReadonlySet<string>,
  made: Pick<EditMade, 'editId' | 'refundId' | 'at'>,
): Result<Step, OrderChanged> {
  const missing = order.lines.filter(({ holdId }) => holdIds.has(holdId ?? order.id))
  const isOrdered = holdIds.has(order.id) || missing.length === order.lines.length
  if (isOrdered || order.stockCommitted || order.status !== 'processing') return cancelForMissingStock(order)
  const shrunk = missing.map((line) => shrinkLine(line, 0, order.pricesIncludeTax))
  const taken = linesStep(order, { shrunk, added: [] }, made)
  // Removing lines never raises the amount due, so an amount that cannot be charged is not expected here.
  if (!taken.ok) return cancelForMissingStock(order)
  const { to, data } = taken.value
  return ok({
    ...taken.value,
    to: { ...to, stockCommitted: true },
    data: { ...data, reason: 'stock_gone' },
    stockAdjustments: [],
  })
}
