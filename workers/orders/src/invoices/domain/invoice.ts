import type { Address } from '@shop/addresses/address'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { OrderId } from '@shop/kernel/ids'
import type { ShippingAddress } from '../../orders/domain/order.ts'
import type { DueInvoice } from './due-invoice.ts'

/** The buyer at the time of issue. It is erased with the order: see `remainsOf`. */
export type InvoiceBuyer = {
  email: string | null
  vatId: string | null
  shippingAddress: ShippingAddress | null
  billingAddress: Address | null
}

/** An invoice or a credit note. It never changes, except that its buyer is erased. */
export type Invoice = DueInvoice & {
  /** With the prefix at the time of issue: INV-1001. */
  number: string
  orderId: OrderId
  /** The version of the order after the change that the document was issued for. */
  orderVersion: number
  issuedAt: Date
  currency: CurrencyCode
  buyer: InvoiceBuyer
}

/** Whether it is an invoice for the whole order: issued for a payment or an edit. */
const isWhole = ({ series, document }: Invoice): boolean => series === 'invoice' && document.kind === 'order'

/** The latest invoice for the whole order. */
export const currentInvoice = (issued: readonly Invoice[]): Invoice | undefined => lastOf(issued.filter(isWhole))

/**
 * The document that a document corrects: for a credit note the invoice before it, for the invoice of a returned refund its credit note.
 * Undefined for an invoice for the whole order.
 */
export function correctedBy(issued: readonly Invoice[], { series, cause, orderVersion }: Invoice): Invoice | undefined {
  if (series === 'credit_note') {
    const isBefore = cause.startsWith('edit:')
      ? (one: Invoice) => one.orderVersion < orderVersion
      : (one: Invoice) => one.orderVersion <= orderVersion
    return lastOf(issued.filter((one) => isWhole(one) && isBefore(one)))
  }
  return issued.find((one) => causeOfReturn(one) === cause)
}

/** The cause of the invoice that takes the credit note of a refund back. */
const causeOfReturn = ({ cause }: Invoice): string | undefined =>
  cause.startsWith('refund:') ? cause.replace('refund', 'refund_returned') : undefined

const lastOf = (issued: readonly Invoice[]): Invoice | undefined =>
  [...issued].sort((a, b) => a.orderVersion - b.orderVersion).at(-1)
