import type { PricedLine, PricedOrder } from '../../pricing/domain/price-order.ts'
import type { TaxLine } from '../../pricing/domain/pricing.ts'

/** What every document says of tax. Amounts in minor units. */
export type Taxed = {
  /** Of the whole document. Taxes are a part of it, whether or not prices include them. */
  total: number
  taxTotal: number
  taxLines: TaxLine[]
  pricesIncludeTax: boolean
  taxExemption: PricedOrder['taxExemption']
}

export type DocumentLine = Pick<
  PricedLine,
  'name' | 'sku' | 'options' | 'quantity' | 'unitPrice' | 'subtotal' | 'discount' | 'tax' | 'total' | 'taxLines'
>

/** A document over a whole order: its lines and totals as they are stored. */
export type OrderDocument = Taxed & {
  kind: 'order'
  lines: DocumentLine[]
  shipping: { name: string; subtotal: number; discount: number; tax: number; total: number } | null
  subtotal: number
  discountTotal: number
  shippingTotal: number
}

/**
 * A document over an amount of an order, as of a refund. The amounts of its lines add up to its total, taxes included.
 * `refund`: what belongs to no line; `restocking_fee`: what the shop keeps, so it is negative.
 */
export type AmountDocument = Taxed & {
  kind: 'amount'
  lines: AmountLine[]
}
export type AmountLine =
  | { kind: 'item'; name: string; sku: string | null; quantity: number; amount: number }
  | { kind: 'shipping' | 'restocking_fee' | 'refund' | 'uncaptured'; amount: number }

/** What is printed of a document and is not personal, as it was when the document was issued. */
export type InvoiceDocument = OrderDocument | AmountDocument
