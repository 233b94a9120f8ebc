import type { RefundId } from '@shop/kernel/ids'
import type { InvoiceDocument } from './invoice-document.ts'

/** Each has numbers of its own, from 1 on without gaps. */
export const INVOICE_SERIES = ['invoice', 'credit_note'] as const
export type InvoiceSeries = (typeof INVOICE_SERIES)[number]

/**
 * Why a document was issued. An order has one of each series for each cause.
 *
 * - `paid`: the invoice for the order, when it is paid.
 * - `uncaptured`: the credit note for the part of the authorization that staff did not capture.
 * - `refund`, `refund_returned`: the credit note of a refund, and the invoice that reverses it when the bank returns the refund.
 * - `edit`, with the version of the order after it: the credit note for the previous invoice, and the invoice for the edited order.
 */
export type InvoiceCause =
  | 'paid'
  | 'uncaptured'
  | `refund:${RefundId}`
  | `refund_returned:${RefundId}`
  | `edit:${number}`

/** A document to issue. Its number is taken by the statement that writes it. `total` in minor units, 0 or more. */
export type DueInvoice = { series: InvoiceSeries; cause: InvoiceCause; total: number; document: InvoiceDocument }
