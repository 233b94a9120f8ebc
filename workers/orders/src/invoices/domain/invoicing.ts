import type { LineRefund } from '../../fulfillment/domain/line-refund.ts'
import { paidAmountOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { TaxLine } from '../../pricing/domain/pricing.ts'
import { amountDocument, documentOf } from './document-of.ts'
import type { DueInvoice, InvoiceCause } from './due-invoice.ts'
import type { Invoice } from './invoice.ts'
import type { AmountLine } from './invoice-document.ts'
import { type Invoiced, invoicedWith, taxesIn, withAmount } from './invoiced.ts'
import { taxesOfLines } from './taxes-of-lines.ts'

/** The documents that a change of an order issues, and what is invoiced after it. */
export type Invoicing = { invoices: DueInvoice[]; invoiced: Invoiced | null }

const unchanged = ({ invoiced }: Order): Invoicing => ({ invoices: [], invoiced })

/**
 * The invoice of a paid order, for its whole total. If staff captured only a part of the authorization, a credit note for the rest is
 * issued with it, so that no more is invoiced than was paid.
 *
 * @param order as it is after the payment
 */
export function invoicePaid(order: Order): Invoicing {
  if (order.invoiced !== null) return unchanged(order)
  const whole = documentOf(order)
  const invoice: DueInvoice = { series: 'invoice', cause: 'paid', total: whole.total, document: whole }
  const invoiced = invoicedWith(whole)
  const rest = order.total - keptOf(order)
  if (rest === 0) return { invoices: [invoice], invoiced }
  const credited = credit({ ...order, invoiced }, invoiced, [{ kind: 'uncaptured', amount: rest }], 'uncaptured')
  return { invoices: [invoice, ...credited.invoices], invoiced: credited.invoiced }
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
  return byLine !== undefined && credited === byLine.amount
    ? credit(order, invoiced, linesOf(order, byLine), cause, taxesOfLines(order, byLine))
    : credit(order, invoiced, [{ kind: 'refund', amount: credited }], cause)
}

/**
 * The invoice that reverses a credit note because the bank returned its refund.
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
 * The documents of an edit of an invoiced order: a credit note for the previous invoice, and an invoice for the edited order. They are
 * issued by the statement of the edit, even if a difference is still to be paid. Credit notes of earlier refunds stay.
 */
export function invoiceEdit(before: Order, after: Order): Invoicing {
  if (before.invoiced === null) return unchanged(before)
  const [former, whole] = [documentOf(before), documentOf(after)]
  const cause = `edit:${after.version}` as const
  return {
    invoices: [
      { series: 'credit_note', cause, total: former.total, document: former },
      { series: 'invoice', cause, total: whole.total, document: whole },
    ],
    invoiced: withAmount(withAmount(before.invoiced, whole, 1), former, -1),
  }
}

/** What was paid for the order and not refunded, in minor units. */
const keptOf = (order: Order): number => paidAmountOf(order) - order.refundedAmount

/** @param ofLines the taxes of the lines; they count while all credit notes are by line, else the taxes are proportional */
function credit(
  order: Order,
  invoiced: Invoiced,
  lines: AmountLine[],
  cause: InvoiceCause,
  ofLines?: TaxLine[],
): Invoicing {
  const total = lines.reduce((sum, { amount }) => sum + amount, 0)
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
