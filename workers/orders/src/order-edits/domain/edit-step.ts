import type { OrderChanged } from '@shop/contracts/orders/failures'
import type { OrderEditId, RefundId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { invoiceEdit } from '../../invoices/domain/invoicing.ts'
import type { Order, OrderLine } from '../../orders/domain/order.ts'
import { type Changed, type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import type { StockAdjustment } from '../../stock/domain/stock-adjustment.ts'
import { holdsOf } from '../../stock/domain/stock-lines.ts'
import { editRefund } from './edit-refund.ts'
import type { EditOutcome, WantedEdit } from './order-edit.ts'
import { sumsOf } from './order-sums.ts'
import { type AddedItem, addressesAfter, linesAfter, type PlanFailure, planEdit } from './plan-edit.ts'
import { checkGiftCards, checkSteps, type SettleFailure, settleEdit } from './settle-edit.ts'

/** The ids and the time of an edit. `expiresAt`: an unpaid order does not expire before it. */
export type EditMade = { editId: OrderEditId; refundId: RefundId; at: Date; expiresAt: Date }
export type EditFailure = PlanFailure | SettleFailure

/** The lines that an edit adds, priced for these items. */
export type PricedItems = { items: AddedItem[]; lines: OrderLine[] }

/**
 * Decides an edit: the lines, the totals, and the money that is due or refunded.
 *
 * @param priced the added items, priced for the order as it was planned. If the order has changed so that the edit now adds other
 *   items, the edit fails with `order_changed`
 * @returns an unchanged step if the edit changes nothing
 */
export function editStep(
  order: Order,
  wanted: WantedEdit,
  priced: PricedItems,
  made: EditMade,
): Result<Step, EditFailure> {
  const planned = planEdit(order, wanted, made.at)
  if (!planned.ok) return planned
  const { shrunk, added } = planned.value
  if (JSON.stringify(added) !== JSON.stringify(priced.items)) return fail({ code: 'order_changed' } as const)
  const addresses = addressesAfter(order, wanted)
  const isSame = JSON.stringify(addresses) === JSON.stringify(addressesAfter(order, { items: [] }))
  if (isSame && shrunk.length === 0 && added.length === 0) return ok(UNCHANGED)
  const changed = linesStep(order, { shrunk, added: priced.lines }, made)
  if (!changed.ok) return changed
  const { chargedAmount = order.chargedAmount, creditedAmount = order.creditedAmount } = changed.value.to
  const refund = changed.value.lineRefund?.amount ?? 0
  const divisible = checkSteps(order, { chargedAmount, creditedAmount, refund })
  if (!divisible.ok) return divisible
  const covered = checkGiftCards(order, { ...order, ...changed.value.to })
  if (!covered.ok) return covered
  const lifetime = order.status === 'pending' && made.expiresAt > order.expiresAt ? { expiresAt: made.expiresAt } : {}
  return ok({ ...changed.value, to: { ...changed.value.to, ...addresses, ...lifetime } })
}

/** The step that removes units from lines and adds lines. */
export function linesStep(
  order: Order,
  { shrunk, added }: { shrunk: OrderLine[]; added: OrderLine[] },
  made: Pick<EditMade, 'editId' | 'refundId' | 'at'>,
): Result<Changed, SettleFailure | OrderChanged> {
  const lines = [...linesAfter(order, shrunk), ...added]
  const sums = sumsOf({ ...order, lines })
  const settled = settleEdit(order, sums.total)
  if (!settled.ok) return settled
  const { chargedAmount, creditedAmount, chargeNo, due, refund, goneBefore } = settled.value
  // What edits added leaves the stock once nothing is due: this makes the sale look at all holds again.
  const isToSell = order.status === 'processing' && due === 0 && lines.some(({ holdId }) => holdId !== null)
  const after: Order = { ...order, lines, ...sums, version: order.version + 1 }
  const { invoices, invoiced } = invoiceEdit(order, after, goneBefore)
  return ok({
    ...step(
      'edited',
      {
        lines,
        ...sums,
        chargedAmount,
        creditedAmount,
        chargeNo,
        invoiced,
        ...(isToSell ? { stockCommitted: false } : {}),
      },
      { amount: sums.total, previousTotal: order.total, ...(refund > 0 && { refundId: made.refundId }) },
    ),
    editedLines: [...shrunk, ...added],
    invoices,
    stockAdjustments: shrunkHolds(order, lines, made.editId),
    ...editRefund(refund, made),
  })
}

/** The adjustments for holds that keep fewer units of a variant than before. */
function shrunkHolds(order: Order, lines: OrderLine[], editId: OrderEditId): StockAdjustment[] {
  const left = new Map(holdsOf({ id: order.id, lines }).map((hold) => [hold.holdId, hold.lines]))
  return holdsOf(order).flatMap(({ holdId, lines: held }) =>
    held.flatMap(({ variantId, quantity: before }): StockAdjustment[] => {
      const quantity = left.get(holdId)?.find((line) => line.variantId === variantId)?.quantity ?? 0
      const key = `${editId}:${holdId}:${variantId}`
      return quantity < before ? [{ key, variantId, quantity, holdId, kind: 'shrink', reason: 'order edited' }] : []
    }),
  )
}

/** The outcome of an edit, from its event and the order after it. */
export function outcomeOf(
  order: Pick<Order, 'lineRefunds'>,
  data: { amount?: number; previousTotal?: number; refundId?: RefundId },
): EditOutcome {
  const { amount = 0, previousTotal = 0, refundId } = data
  const refund = order.lineRefunds.find((one) => one.refundId === refundId)?.amount ?? 0
  return { total: amount, previousTotal, refund }
}
