import { newId } from '@shop/http/ids'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { captureDueOf } from '../../../src/fulfillment/domain/capture-due.ts'
import { complete } from '../../../src/fulfillment/domain/completion.ts'
import { reserveRefund } from '../../../src/fulfillment/domain/line-refund-steps.ts'
import { leftToShip } from '../../../src/fulfillment/domain/units.ts'
import { sumsOf } from '../../../src/order-edits/domain/order-sums.ts'
import type { Order } from '../../../src/orders/domain/order.ts'
import { recordAuthorization, recordAuthorizationLoss } from '../../../src/payment-events/domain/authorization.ts'
import { recordCapture } from '../../../src/payment-events/domain/capture.ts'
import { recordRefund } from '../../../src/payment-events/domain/refund.ts'
import { recordSale } from '../../../src/stock/domain/stock-steps.ts'
import { quantitiesOf, stepOf } from '../../support/edits.ts'
import { anOrder } from '../../support/orders.ts'
import { plainPart } from '../../support/purchases.ts'
import { AT, shipped, taken } from '../../support/shipments.ts'

const paymentId = newId('payment')
const [mug, paper] = anOrder().lines
if (mug === undefined || paper === undefined) throw new Error('Two lines')

type Draft = { quantity: number; total: number; isGiftCard?: boolean }

/** An order of lines with these totals and a shipping charge, authorized for what gift cards do not pay. */
function authorized(drafts: Draft[], { shipping = 0, giftCards = 0 } = {}): Order {
  const lines = drafts.map(({ quantity, total, isGiftCard = false }, at) => ({
    ...{
      ...mug,
      id: newId('orderLine'),
      variantId: at + 11,
      quantity,
      isGiftCard,
      unitPrice: Math.ceil(total / quantity),
    },
    ...plainPart(total),
  })) as Order['lines']
  const priced = anOrder({
    lines,
    shippingTotal: shipping,
    shipping: {
      ...{ optionId: 'shopt_a', name: 'Parcel', estimate: null, isPickup: false },
      ...plainPart(shipping),
    },
  })
  const { total, ...sums } = sumsOf(priced)
  const order: Order = { ...priced, ...sums, total, giftCardAmount: Math.min(giftCards, total - 1) }
  const amount = total - order.giftCardAmount
  const fact = { orderId: order.id, paymentId, chargeNo: 1, amount, currency: order.currency }
  const accepted = taken(order, { ok: true, value: recordAuthorization(order, fact).step })
  return taken(accepted, { ok: true, value: recordSale(accepted) })
}

/** Payments' part: captures what is due after all that has left, or voids the authorization if nothing is, and tells orders. */
function captured(order: Order, before: number, authorizedAmount: number): { order: Order; amount: number } {
  const due = captureDueOf(order, null)
  if (due.total === 0 && before === 0)
    return { order: taken(order, recordAuthorizationLoss(order, paymentId)), amount: 0 }
  const upTo = Math.max(before, Math.min(due.isLast ? due.total : due.shipped, authorizedAmount))
  if (due.shipments === 0 || (upTo === before && !due.isLast)) return { order, amount: 0 }
  const fact = { orderId: order.id, paymentId, chargeNo: 1, amount: authorizedAmount, currency: order.currency }
  const isOpen = !due.isLast && upTo < due.total
  const { step } = recordCapture(order, { ...fact, captured: upTo, isOpen })
  return { order: taken(order, { ok: true, value: step }), amount: upTo - before }
}

const two = [
  { quantity: 3, total: 1_000 },
  { quantity: 1, total: 500 },
]

describe('what is to be captured after a shipment', () => {
  it('is what its units are worth: shares rounded down, and the rest with the last unit', () => {
    const order = authorized(two)
    const first = shipped(order, [1, 0])
    expect(captureDueOf(first, null)).toEqual({ shipped: 333, total: 1_500, shipments: 1, isLast: false })
    const second = shipped(first, [2, 0])
    expect(captureDueOf(second, null)).toEqual({ shipped: 1_000, total: 1_500, shipments: 2, isLast: false })
    expect(captureDueOf(second, second.shipments[0]?.id ?? '')).toMatchObject({ shipped: 333, shipments: 1 })
    expect(captureDueOf(shipped(second, [0, 1]), null)).toEqual({
      ...{ shipped: 1_500, total: 1_500, shipments: 3, isLast: true },
    })
  })

  it('is nothing before one has left', () => {
    const order = shipped(authorized(two, { shipping: 490 }), [1, 0], 'packed')
    expect(captureDueOf(order, null)).toEqual({ shipped: 0, total: 1_990, shipments: 0, isLast: false })
  })

  it('has the shipping charge with the first', () => {
    expect(captureDueOf(shipped(authorized(two, { shipping: 490 }), [1, 0]), null)).toMatchObject({ shipped: 823 })
  })

  it('counts gift cards towards the first', () => {
    const order = shipped(authorized(two, { giftCards: 400 }), [1, 0])
    expect(captureDueOf(order, null)).toMatchObject({ shipped: 0, total: 1_100 })
    expect(captureDueOf(shipped(order, [1, 0]), null)).toMatchObject({ shipped: 266, total: 1_100 })
  })

  it('has bought gift cards with the first, which are issued once the order is paid', () => {
    const lines = [...two, { quantity: 2, total: 2_000, isGiftCard: true }]
    const first = shipped(authorized(lines), [1, 0, 0])
    expect(captureDueOf(first, null)).toMatchObject({ shipped: 2_333, total: 3_500, isLast: false })
    expect(captureDueOf(shipped(first, [2, 1, 0]), null)).toMatchObject({ shipped: 3_500, isLast: true })
    expect(captureDueOf(authorized(lines), null)).toMatchObject({ shipped: 0, shipments: 0, isLast: false })
  })

  it('has nothing for units that an edit took off', () => {
    const order = shipped(authorized(two), [2, 0])
    const fewer = taken(order, stepOf(order, quantitiesOf(order, [2, 1])))
    expect(fewer).toMatchObject({ chargedAmount: fewer.total, creditedAmount: 0, lineRefunds: [] })
    expect(captureDueOf(fewer, null)).toMatchObject({ shipped: fewer.total - 500, total: fewer.total, isLast: false })
    const none = taken(fewer, stepOf(fewer, quantitiesOf(fewer, [2, 0])))
    expect(captureDueOf(none, null)).toMatchObject({ total: none.total, shipped: none.total, isLast: true })
  })

  it('is what was captured, once no more will be', () => {
    const order = shipped(authorized(two), [3, 1])
    const paid: Order = { ...order, paymentStatus: 'paid', capturedAmount: 900 }
    expect(captureDueOf(paid, null)).toMatchObject({ shipped: 900, total: 900 })
  })

  it('is what is due, for an order that has not taken its payment', () => {
    expect(captureDueOf(anOrder(), null)).toEqual({ shipped: 0, total: 2_500, shipments: 0, isLast: false })
  })
})

describe('an edit while the payment is authorized', () => {
  it('takes off what is to be captured, and adds nothing', () => {
    const order = authorized(two)
    expect(stepOf(order, quantitiesOf(order, [4]))).toMatchObject({ failure: { reason: 'authorized' } })
    expect(
      stepOf(order, [], { note: 'x', shippingAddress: { line1: '2 Main St', city: 'Springfield' } as never }),
    ).toMatchObject({
      failure: { reason: 'authorized' },
    })
    const edited = taken(order, stepOf(order, quantitiesOf(order, [3, 0])))
    expect(edited).toMatchObject({ total: 1_000, chargedAmount: 1_000, creditedAmount: 0, paymentStatus: 'authorized' })
  })

  it('may leave nothing to capture: the order is paid by its gift cards once the authorization was voided', () => {
    const order = shipped(authorized(two, { giftCards: 1_200 }), [3, 0])
    expect(captureDueOf(order, null)).toMatchObject({ shipped: 0, total: 300, isLast: false })
    const edited = taken(order, stepOf(order, quantitiesOf(order, [3, 0])))
    expect(edited).toMatchObject({ paymentStatus: 'authorized', chargedAmount: 0, creditedAmount: 200, chargeNo: 1 })
    expect(edited.lineRefunds).toMatchObject([{ origin: 'edit', amount: 200 }])
    expect(captureDueOf(edited, null)).toMatchObject({ shipped: 0, total: 0, isLast: true })
    const voided = recordAuthorizationLoss(edited, paymentId)
    expect(voided).toMatchObject({
      value: { type: 'paid', data: { amount: 0 }, invoices: [{ series: 'invoice', total: 1_000 }] },
    })
    const paid = taken(edited, voided)
    expect(paid).toMatchObject({ status: 'processing', paymentStatus: 'paid', capturedAmount: 0 })
    expect(recordAuthorizationLoss(paid, paymentId)).toEqual({ ok: true, value: { kind: 'unchanged' } })
    const refundFact = { orderId: order.id, paymentId, refundId: newId('refund'), amount: 200, captured: 0 }
    expect(recordRefund(paid, refundFact, { reason: 'order_edited' })).toMatchObject({
      ...{ to: { paymentStatus: 'partially_refunded', refundedAmount: 200, invoiced: { total: 1_000 } }, invoices: [] },
    })
  })

  it('that left nothing to capture takes what was captured all the same, which staff refund', () => {
    const order = authorized(two, { giftCards: 1_200 })
    const edited = taken(order, stepOf(order, quantitiesOf(order, [3, 0])))
    const fact = { orderId: order.id, paymentId, chargeNo: 1, amount: 300, captured: 300, currency: order.currency }
    expect(recordCapture(edited, fact)).toMatchObject({
      step: { to: { paymentStatus: 'paid', capturedAmount: 300, chargedAmount: 300, creditedAmount: 500 } },
    })
  })
})

describe('a refund by line, while more may be captured', () => {
  it.each([
    ['authorized', authorized(two, { giftCards: 1_200 }), {}],
    ['partially paid', authorized(two), { paymentStatus: 'partially_paid', capturedAmount: 666 }],
  ] as const)('of an order that is %s is of units that have left', (_, paid, over) => {
    const order: Order = { ...shipped(paid, [2, 0]), ...over }
    const refund = (at: number, quantity: number) =>
      reserveRefund(
        order,
        { paymentId, items: [{ lineId: order.lines[at]?.id ?? '', quantity }], shipping: 0, restockingFee: 0 },
        { refundId: newId('refund'), at: AT },
      )
    expect(refund(1, 1)).toMatchObject({ failure: { code: 'quantity_exceeds_refundable', left: 0 } })
    expect(refund(0, 3)).toMatchObject({ failure: { code: 'quantity_exceeds_refundable', left: 2 } })
    expect(refund(0, 2)).toMatchObject({ value: { lineRefund: { amount: 666, items: [{ removed: 0 }] } } })
  })
})

describe('captures of an order that ships in any parts, with units taken off in between', () => {
  const drafts = fc.array(
    fc.record({
      quantity: fc.integer({ min: 1, max: 6 }),
      total: fc.integer({ min: 1, max: 20_000 }),
      isGiftCard: fc.boolean(),
    }),
    { minLength: 1, maxLength: 4 },
  )
  const acts = fc.array(
    fc.record({ isShipment: fc.boolean(), quantities: fc.array(fc.nat(3), { minLength: 4, maxLength: 4 }) }),
    { maxLength: 8 },
  )
  const extras = fc.record({ shipping: fc.nat(900), giftCards: fc.nat(15_000) })

  it('are together what is left of the total less gift cards, each of at least 1, and never more than is authorized', () => {
    fc.assert(
      fc.property(drafts, extras, acts, (lines, extra, parts) => {
        let order = authorized(lines, extra)
        const authorizedAmount = order.chargedAmount
        const amounts: number[] = []
        const capture = () => {
          const before = order.capturedAmount
          const next = captured(order, before, authorizedAmount)
          if (next.amount > 0) amounts.push(next.amount)
          order = next.order
          expect(order.capturedAmount).toBe(before + next.amount)
        }
        const ship = (wanted: number[]) => {
          const quantities = order.lines.map((line, at) => Math.min(leftToShip(line), wanted[at] ?? 0))
          if (quantities.some((quantity) => quantity > 0)) order = shipped(order, quantities)
        }
        const takeOff = (fewer: number[]) => {
          const quantities = order.lines.map((line, at) => line.quantity - Math.min(leftToShip(line), fewer[at] ?? 0))
          const edit = stepOf(order, quantitiesOf(order, quantities))
          if (edit.ok) order = taken(order, edit)
          order = taken(order, { ok: true, value: complete(order) })
        }
        for (const { isShipment, quantities } of parts) {
          if (isShipment) ship(quantities)
          else takeOff(quantities)
          capture()
          expect(order.capturedAmount).toBeLessThanOrEqual(Math.min(authorizedAmount, order.chargedAmount))
        }
        ship(order.lines.map(leftToShip))
        capture()
        const sum = amounts.reduce((all, amount) => all + amount, 0)
        expect(sum).toBe(order.total + order.creditedAmount - order.giftCardAmount)
        expect(order.lineRefunds.reduce((all, { amount }) => all + amount, 0)).toBe(order.creditedAmount)
        expect(order).toMatchObject({ paymentStatus: 'paid', status: 'shipped', capturedAmount: sum })
        expect(order.invoiced?.total).toBe(order.total)
      }),
    )
  })
})
