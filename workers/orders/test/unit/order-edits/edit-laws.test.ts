import { newId } from '@shop/http/ids'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { createShipment } from '../../../src/fulfillment/domain/shipment-steps.ts'
import { leftToShip, NO_UNITS } from '../../../src/fulfillment/domain/units.ts'
import { sumsOf } from '../../../src/order-edits/domain/order-sums.ts'
import { refundableOf } from '../../../src/order-edits/domain/settle-edit.ts'
import { amountDueOf } from '../../../src/orders/domain/amount-due.ts'
import type { Order, OrderLine } from '../../../src/orders/domain/order.ts'
import { recordCapture } from '../../../src/payment-events/domain/capture.ts'
import { recordRefund } from '../../../src/payment-events/domain/refund.ts'
import { recordSale } from '../../../src/stock/domain/stock-steps.ts'
import { quantitiesOf, stepOf } from '../../support/edits.ts'
import { anOrder } from '../../support/orders.ts'
import { draftOf, madeOf, taken } from '../../support/shipments.ts'

type Draft = { quantity: number; unitPrice: number; discount: number; tax: number }
const draft: fc.Arbitrary<Draft> = fc.record({
  quantity: fc.integer({ min: 1, max: 7 }),
  unitPrice: fc.integer({ min: 100, max: 3_333 }),
  discount: fc.double({ min: 0, max: 1, noNaN: true }),
  tax: fc.double({ min: 0, max: 0.3, noNaN: true }),
})

function lineOf({ quantity, unitPrice, ...shares }: Draft, index: number, pricesIncludeTax: boolean): OrderLine {
  const subtotal = quantity * unitPrice
  const discount = Math.floor(subtotal * shares.discount)
  const tax = Math.floor((subtotal - discount) * shares.tax)
  return {
    ...{ id: newId('orderLine'), productId: index + 1, variantId: index + 11, sku: null, options: {}, name: 'Thing' },
    ...{
      category: null,
      imageUrl: null,
      isGiftCard: false,
      quantity,
      unitPrice,
      subtotal,
      discount,
      tax,
      units: NO_UNITS,
      holdId: null,
    },
    total: subtotal - discount + (pricesIncludeTax ? 0 : tax),
    adjustments: [
      { promotionId: 'promo_a', amount: Math.floor(discount / 3) },
      { promotionId: 'promo_b', amount: discount - Math.floor(discount / 3) },
    ],
    taxLines: [{ rateId: 'taxrate_a', name: 'VAT', rate: '0.19', amount: tax }],
  }
}

function orderOf(drafts: Draft[], pricesIncludeTax: boolean): Order {
  const lines = drafts.map((one, index) => lineOf(one, index, pricesIncludeTax))
  const named = (promotionId: string) =>
    ({ promotionId, code: null, name: 'Sale', type: 'percentage', amount: 0 }) as const
  const shipping: Order['shipping'] = {
    ...{ optionId: 'shopt_a', name: 'Parcel', estimate: null, isPickup: false, subtotal: 490, discount: 90, tax: 64 },
    total: 400 + (pricesIncludeTax ? 0 : 64),
    adjustments: [{ promotionId: 'promo_a', amount: 90 }],
    taxLines: [{ rateId: 'taxrate_a', name: 'VAT', rate: '0.19', amount: 64 }],
  }
  const adjustments = [named('promo_a'), named('promo_b')]
  const order = anOrder({ lines, shipping, shippingTotal: 490, pricesIncludeTax, adjustments })
  return { ...order, ...sumsOf(order) }
}

type Act =
  | { do: 'edit'; quantities: (number | undefined)[]; added: number }
  | { do: 'pay' }
  | { do: 'refund' }
  | { do: 'ship'; line: number }

const act: fc.Arbitrary<Act> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.record({
      do: fc.constant('edit' as const),
      quantities: fc.array(fc.option(fc.nat(9), { nil: undefined }), { maxLength: 4 }),
      added: fc.oneof(fc.constant(0), fc.nat(3)),
    }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constantFrom('pay' as const, 'refund' as const) }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('ship' as const), line: fc.nat(4) }) },
)

/** The order after what somebody does, or the same where it is refused. */
function after(order: Order, one: Act): Order {
  if (one.do === 'edit') {
    const added = one.added === 0 ? [] : [{ variantId: 31, quantity: one.added }]
    const step = stepOf(order, [...quantitiesOf(order, one.quantities), ...added])
    return step.ok ? sold(taken(order, step)) : order
  }
  if (one.do === 'pay') {
    const { id: orderId, chargeNo, currency } = order
    const amount = amountDueOf(order)
    const fact = { orderId, paymentId: newId('payment'), chargeNo, amount, captured: amount, currency }
    return sold(taken(order, { ok: true, value: recordCapture(order, fact).step }))
  }
  if (one.do === 'refund') {
    const refund = order.lineRefunds.find(({ state }) => state === 'reserved')
    const { id: orderId, paymentId } = order
    if (refund === undefined || paymentId === null) return order
    const { refundId, amount } = refund
    const fact = { orderId, paymentId, refundId, amount, captured: order.capturedAmount }
    return taken(order, { ok: true, value: recordRefund(order, fact, { reason: 'requested_by_customer' }) })
  }
  const { line: wanted } = one
  const quantities = order.lines.map((line, index) => (index === wanted && leftToShip(line) > 0 ? 1 : 0))
  const step = createShipment(order, draftOf(order, quantities), madeOf(newId('shipment')))
  return quantities.includes(1) && step.ok ? taken(order, step) : order
}

/** With all its units out of stock, as after every edit and payment. */
const sold = (order: Order): Order => taken(order, { ok: true, value: recordSale(order) })

const sum = (amounts: number[]) => amounts.reduce((whole, amount) => whole + amount, 0)

/** What the constraints of the database ask, and that parts add up. */
function expectSound(order: Order): void {
  const { lines, shipping, pricesIncludeTax } = order
  const parts = [...lines, ...(shipping === null ? [] : [shipping])]
  for (const part of parts) {
    expect(part.discount).toBeGreaterThanOrEqual(0)
    expect(part.discount).toBeLessThanOrEqual(part.subtotal)
    expect(part.tax).toBeGreaterThanOrEqual(0)
    expect(part.total).toBe(part.subtotal - part.discount + (pricesIncludeTax ? 0 : part.tax))
    expect(sum(part.adjustments.map(({ amount }) => amount))).toBe(part.discount)
    expect(sum(part.taxLines.map(({ amount }) => amount))).toBe(part.tax)
  }
  for (const line of lines) {
    expect(line.subtotal).toBe(line.unitPrice * line.quantity)
    expect(leftToShip(line)).toBeGreaterThanOrEqual(0)
  }
  expect(order.total).toBe(sum(parts.map(({ total }) => total)))
  expect(order.subtotal).toBe(sum(lines.map(({ subtotal }) => subtotal)))
  expect(order.discountTotal).toBe(sum(parts.map(({ discount }) => discount)))
  expect(order.taxTotal).toBe(sum(parts.map(({ tax }) => tax)))
  expect(sum(order.adjustments.map(({ amount }) => amount))).toBe(order.discountTotal)
  expect(sum(order.taxLines.map(({ amount }) => amount))).toBe(order.taxTotal)
}

describe('any edits, payments, refunds and shipments of an order', () => {
  it('keep the parts adding up, and never let more go back than was paid', () => {
    fc.assert(
      fc.property(
        fc.array(draft, { minLength: 1, maxLength: 4 }),
        fc.boolean(),
        fc.array(act, { maxLength: 25 }),
        (drafts, pricesIncludeTax, acts) => {
          let order = orderOf(drafts, pricesIncludeTax)
          expectSound(order)
          for (const one of acts) {
            const next = after(order, one)
            expectSound(next)
            const due = amountDueOf(next)
            expect(due).toBeGreaterThanOrEqual(0)
            expect(due).toBe(next.total + next.creditedAmount - next.chargedAmount)
            if (due !== amountDueOf(order) && one.do === 'edit') expect(next.chargeNo).toBe(order.chargeNo + 1)
            const promised = sum(next.lineRefunds.map(({ amount }) => amount))
            expect(promised).toBeLessThanOrEqual(next.capturedAmount)
            expect(promised).toBe(next.creditedAmount)
            expect(refundableOf(next)).toBe(next.capturedAmount - promised)
            // Whoever has paid everything has paid what the order costs now.
            if (due === 0 && next.capturedAmount > 0) expect(next.capturedAmount - promised).toBe(next.total)
            if (next.shipments.length > order.shipments.length) expect(due).toBe(0)
            order = next
          }
        },
      ),
      { numRuns: 200 },
    )
  }, 30_000)
})
