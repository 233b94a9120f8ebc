import type { Order } from '../../orders/domain/order.ts'
import type { TaxLine } from '../../pricing/domain/pricing.ts'
import type { AmountDocument, AmountLine, OrderDocument, Taxed } from './invoice-document.ts'

/** The document over an order. The statement of a capture, which has not read the order, builds the same in SQL. */
export function documentOf(order: Order): OrderDocument {
  const { subtotal, discountTotal, shippingTotal, shipping, lines } = order
  return {
    kind: 'order',
    ...taxesOf(order),
    ...{ subtotal, discountTotal, shippingTotal },
    shipping: shipping && {
      name: shipping.name,
      subtotal: shipping.subtotal,
      discount: shipping.discount,
      tax: shipping.tax,
      total: shipping.total,
    },
    lines: lines.map(({ name, sku, options, quantity, unitPrice, subtotal, discount, tax, total, taxLines }) => {
      return { name, sku, options, quantity, unitPrice, subtotal, discount, tax, total, taxLines }
    }),
  }
}

/** The document over an amount of an order, with the taxes that are in it. */
export function amountDocument(order: Order, lines: AmountLine[], taxLines: TaxLine[]): AmountDocument {
  const sumOf = (amounts: { amount: number }[]) => amounts.reduce((sum, { amount }) => sum + amount, 0)
  return { kind: 'amount', ...taxesOf(order), lines, total: sumOf(lines), taxTotal: sumOf(taxLines), taxLines }
}

const taxesOf = ({ total, taxTotal, taxLines, pricesIncludeTax, taxExemption }: Order): Taxed => {
  return { total, taxTotal, taxLines, pricesIncludeTax, taxExemption }
}
