import type { LineRefund } from '../../fulfillment/domain/line-refund.ts'
import { paidAmountOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { TaxLine } from '../../pricing/domain/pricing.ts'
import { amountDocument, documentOf } from './document-of.ts'
import type { DueInvoice, InvoiceCause } from './due-invoice.ts'
import type { Invoice } from './invoice.ts'
import type { AmountLine, InvoiceDocument } from './invoice-document.ts'
import { type Invoiced, invoicedWith, taxesIn, withAmount } from './invoiced.ts'
import { taxesOfLines } from './taxes-of-lines.ts'

/** The documents that a change of an order issues, and what is invoiced after it. */
export type Invoicing = { invoices: DueInvoice[]; invoiced: Invoiced | null }

const unchanged = ({ invoiced }: Order): Invoicing => ({ invoices: [], invoiced })

/**
 * The invoice of an order, for its whole total, when the first of its money is captured. If staff capture only a part of the
 * authorization, a credit note for the rest is issued with the last capture, so that no more is invoiced than was paid.
 *
 * @param order after the capture, but still with the payment status that it had before
 * @param isOpen whether more may be captured
 */
export function invoicePaid(order: Order, isOpen = false): Invoicing {
  const { invoiced: known, paymentStatus } = order
  if (known !== null && paymentStatus !== 'partially_paid') return unchanged(order)
  const { invoices, invoiced } = known === null ? invoiceWhole(order) : { invoices: [], invoiced: known }
  const rest = isOpen ? 0 : invoiced.total - keptOf(order)
  if (rest <= 0) return { invoices, invoiced }
  const credited = credit({ ...order, invoiced }, invoiced, [{ kind: 'uncaptured', amount: rest }], 'uncaptured')
  return { invoices: [...invoices, ...credited.invoices], invoiced: credited.invoiced }
}

function invoiceWhole(order: Order): { invoices: DueInvoice[]; invoiced: Invoiced } {
  const whole = documentOf(order)
  const invoice: DueInvoice = { series: 'invoice', cause: 'paid', total: whole.total, document: whole }
  return { invoices: [invoice], invoiced: invoicedWith(whole) }
}

/**
 * The credit note of a refund, for the part of the refund that is still invoiced. An edit that lowered the total has already issued a
 * credit note for its part.
 *
 * @param order as it is after the refund
 * @param byLine what the refund is for, if it names lines
 */
export function creditRefund(
  order: Order,
  { refundId, amount }: { refundId: LineRefund['refundId']; amount: number },
  byLine: LineRefund | undefined,
): Invoicing {
  const { invoiced } = order
  if (invoiced === null) return unchanged(order)
  const credited = Math.min(amount, invoiced.total - keptOf(order))
  if (credited <= 0) return unchanged(order)
  const cause = `refund:${refundId}` as const
  if (byLine !== undefined && credited === byLine.amount) {
    const lines = linesOf(order, byLine)
    // Of a refund that succeeded late, some units may have been refunded again before.
    if (credited === totalOf(lines)) return credit(order, invoiced, lines, cause, taxesOfLines(order, byLine))
  }
  return credit(order, invoiced, [{ kind: 'refund', amount: credited }], cause)
}

/**
 * The credit note of a cancellation, over what it takes off what is invoiced: gift cards got it back, or it was still to be paid. Money
 * that payments refund has credit notes of its own.
 *
 * @param order as it is after the cancellation
 * @param returned what gift cards got back by it, in minor units
 */
export function creditCancelled(order: Order, returned: number): Invoicing {
  const { invoiced } = order
  if (invoiced === null) return unchanged(order)
  const credited = invoiced.total - keptOf(order)
  if (credited <= 0) return unchanged(order)
  const toCards = Math.min(returned, credited)
  const lines: AmountLine[] = [
    { kind: 'refund', amount: toCards },
    { kind: 'uncaptured', amount: credited - toCards },
  ]
  return credit(
    order,
    invoiced,
    lines.filter(({ amount }) => amount > 0),
    'cancelled',
  )
}

/**
 * The invoice that takes a credit note back, since the bank returned its refund.
 *
 * @param creditNote of the refund; undefined where it had none
 */
export function reverseCredit(
  order: Order,
  refundId: LineRefund['refundId'],
  creditNote: Invoice | undefined,
): Invoicing {
  if (creditNote === undefined || order.invoiced === null) return unchanged(order)
  const { document, total } = creditNote
  return {
    invoices: [{ series: 'invoice', cause: `refund_returned:${refundId}`, total, document }],
    invoiced: withAmount(order.invoiced, document, 1),
  }
}

/**
 * The documents of an edit of an order that was invoiced: a credit note over the invoice before, and an invoice over the order
 * as it is, in the statement of the edit and whether or not a difference is paid by then. Credit notes of refunds before stay.
 *
 * @param goneBefore what the edit takes off and does not give back, since it went back by refunds before, which have credit notes: the
 *   credit note of the edit is over so much less
 */
export function invoiceEdit(before: Order, after: Order, goneBefore = 0): Invoicing {
  if (before.invoiced === null) return unchanged(before)
  const whole = documentOf(after)
  const former = formerDocument(before, goneBefore)
  const cause = `edit:${after.version}` as const
  return {
    invoices: [
      { series: 'credit_note', cause, total: former.total, document: former },
      { series: 'invoice', cause, total: whole.total, document: whole },
    ],
    invoiced: {
      ...withAmount(withAmount(before.invoiced, whole, 1), former, -1),
      isByLine: before.invoiced.isByLine && former.kind === 'order',
    },
  }
}

function formerDocument(before: Order, goneBefore: number): InvoiceDocument {
  const whole = documentOf(before)
  if (goneBefore === 0) return whole
  const amount = whole.total - goneBefore
  return amountDocument(before, [{ kind: 'refund', amount }], taxesIn(whole, amount))
}

/** What the shop keeps of what was paid for the order. */
const keptOf = (order: Order): number => paidAmountOf(order) - order.refundedAmount

/** @param ofLines the taxes of the lines; they count while all credit notes are by line, else the taxes are proportional */
function credit(
  order: Order,
  invoiced: Invoiced,
  lines: AmountLine[],
  cause: InvoiceCause,
  ofLines?: TaxLine[],
): Invoicing {
  const total = totalOf(lines)
  const isByLine = ofLines !== undefined && invoiced.isByLine
  const taxLines = isByLine && total < invoiced.total ? atMost(ofLines, invoiced) : taxesIn(invoiced, total)
  const document = amountDocument(
    order,
    lines,
    taxLines.filter(({ amount }) => amount > 0),
  )
  return {
    invoices: [{ series: 'credit_note', cause, total, document }],
    invoiced: { ...withAmount(invoiced, document, -1), isByLine },
  }
}

const totalOf = (lines: AmountLine[]): number => lines.reduce((sum, { amount }) => sum + amount, 0)

const atMost = (taxLines: TaxLine[], { taxLines: left }: Invoiced): TaxLine[] =>
  taxLines.map((line) => {
    const most = left.find(({ rateId }) => rateId === line.rateId)?.amount ?? 0
    return { ...line, amount: Math.min(line.amount, most) }
  })

/** The lines of a refund by line: its amount is that of the items and shipping, less the restocking fee. */
function linesOf(order: Order, { items, shipping, restockingFee }: LineRefund): AmountLine[] {
  return [
    ...items.flatMap(({ lineId, quantity, amount }): AmountLine[] => {
      const line = order.lines.find(({ id }) => id === lineId)
      return line === undefined ? [] : [{ kind: 'item', name: line.name, sku: line.sku, quantity, amount }]
    }),
    ...(shipping === 0 ? [] : [{ kind: 'shipping', amount: shipping } as const]),
    ...(restockingFee === 0 ? [] : [{ kind: 'restocking_fee', amount: -restockingFee } as const]),
  ]
}
