import type { RefundId } from '@shop/kernel/ids'
import type { InvoiceDocument } from './invoice-document.ts'

/** Each has numbers of its own, from 1 on without gaps. */
export const INVOICE_SERIES = ['invoice', 'credit_note'] as const
export type InvoiceSeries = (typeof INVOICE_SERIES)[number]

/**
 * Why a document was issued. An order has one of each series for each cause.
 *
 * - `paid`: the invoice over the order, when the first of its money is captured, or it is paid by placing it.
 * - `cancelled`: the credit note over what the cancellation gave back to gift cards, and over what was still to be paid.
 * - `uncaptured`: the credit note over what staff did not capture of the authorization.
 * - `refund`, `refund_returned`: the credit note of a refund, and the invoice that takes it back when the bank returns the
 *   refund.
 * - `cancelled`: the credit note over what gift cards got back as the order was cancelled.
 * - `edit`, with the version of the order after it: the credit note over the invoice before, and the invoice over the order as it is.
 */
export type InvoiceCause =
  | 'paid'
  | 'uncaptured'
  | 'cancelled'
  | `refund:${RefundId}`
  | `refund_returned:${RefundId}`
  | `edit:${number}`

/** A document to issue. Its number is taken by the statement that writes it. `total` in minor units, 0 or more. */
export type DueInvoice = { series: InvoiceSeries; cause: InvoiceCause; total: number; document: InvoiceDocument }
