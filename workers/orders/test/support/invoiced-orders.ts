import { newId } from '@shop/http/ids'
import type { LineRefund, RefundedItem } from '../../src/fulfillment/domain/line-refund.ts'
import { invoicePaid } from '../../src/invoices/domain/invoicing.ts'
import type { Order } from '../../src/orders/domain/order.ts'
import type { PricedPart } from '../../src/pricing/domain/pricing.ts'
import { anOrder } from './orders.ts'

const rate = (rateId: string, percent: string, amount: number) => ({ rateId, name: 'VAT', rate: percent, amount })

/** Prices include the tax. */
const part = (subtotal: number, discount: number, taxLines: PricedPart['taxLines']): PricedPart => ({
  ...{ subtotal, discount, total: subtotal - discount, adjustments: [], taxLines },
  tax: taxLines.reduce((sum, { amount }) => sum + amount, 0),
})

/** Two mugs at 19 % and one book at 7 %, with a discount and shipping, tax included: 18.00 + 5.00 + 4.90 = 27.90. */
export function aTaxedOrder(over: Partial<Order> = {}): Order {
  const order = anOrder()
  const [mugs, book] = order.lines
  if (mugs === undefined || book === undefined) throw new Error('An order of two lines')
  return {
    ...order,
    lines: [
      { ...mugs, ...part(2_000, 200, [rate('standard', '0.19', 287)]) },
      { ...book, ...part(500, 0, [rate('reduced', '0.07', 33)]) },
    ],
    shipping: {
      ...{ optionId: 'shopt_1', name: 'Parcel', estimate: null, isPickup: false },
      ...part(490, 0, [rate('standard', '0.19', 78)]),
    },
    ...{ subtotal: 2_500, discountTotal: 200, shippingTotal: 490, taxTotal: 398, total: 2_790, pricesIncludeTax: true },
    taxLines: [rate('standard', '0.19', 365), rate('reduced', '0.07', 33)],
    ...over,
  }
}

/** The same order, paid and with its invoice. */
export function anInvoicedOrder(over: Partial<Order> = {}): Order {
  const order = aTaxedOrder({ status: 'processing', paymentStatus: 'paid', version: 2, ...over })
  const paid = { ...order, capturedAmount: order.total, paymentId: newId('payment') }
  return { ...paid, invoiced: invoicePaid(paid).invoiced }
}

/** A refund of units of lines, by the index of each line, with the amount of each. */
export function aLineRefund(
  order: Order,
  items: [line: number, quantity: number, amount: number][],
  { shipping = 0, restockingFee = 0 } = {},
): LineRefund {
  const refunded = items.flatMap(([index, quantity, amount]): RefundedItem[] => {
    const line = order.lines[index]
    return line === undefined ? [] : [{ lineId: line.id, quantity, removed: 0, amount }]
  })
  const amount = refunded.reduce((sum, item) => sum + item.amount, 0) + shipping - restockingFee
  const createdAt = order.updatedAt
  return {
    refundId: newId('refund'),
    origin: 'request',
    returnId: null,
    state: 'reserved',
    amount,
    items: refunded,
    shipping,
    restockingFee,
    createdAt,
  }
}
