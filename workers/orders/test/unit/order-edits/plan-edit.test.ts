import { describe, expect, it } from 'vitest'
import type { WantedEdit } from '../../../src/order-edits/domain/order-edit.ts'
import { addressesAfter, planEdit } from '../../../src/order-edits/domain/plan-edit.ts'
import type { Order, OrderLine } from '../../../src/orders/domain/order.ts'
import { quantitiesOf } from '../../support/edits.ts'
import { anOrder } from '../../support/orders.ts'
import { aShippableOrder, shipped } from '../../support/shipments.ts'
import { NOW } from '../../support/test-deps.ts'

const BERLIN = { name: 'A', line1: 'Am Ring 1', city: 'Berlin', postal_code: '10115', country: 'DE' }
const PARIS = { ...BERLIN, city: 'Paris', country: 'FR' }
const one = [{ variantId: 13, quantity: 1 }]

const planOf = (order: Order, wanted: Partial<WantedEdit>, now = NOW) => planEdit(order, { items: [], ...wanted }, now)
const refusalOf = (order: Order, wanted: Partial<WantedEdit>, now = NOW) => {
  const plan = planOf(order, wanted, now)
  return plan.ok ? undefined : 'reason' in plan.failure ? plan.failure.reason : plan.failure.code
}

describe('the plan of an edit', () => {
  it('shrinks lines, adds more units of a line as others, and leaves the rest', () => {
    const order = aShippableOrder()
    const plan = planOf(order, { items: [...quantitiesOf(order, [1, 3]), ...one] })
    expect(plan).toMatchObject({
      value: {
        shrunk: [{ id: order.lines[0]?.id, quantity: 1 }],
        added: [
          { variantId: 12, quantity: 2 },
          { variantId: 13, quantity: 1 },
        ],
      },
    })
    expect(planOf(order, { items: quantitiesOf(order, [2, 1]) })).toEqual({
      ok: true,
      value: { shrunk: [], added: [] },
    })
  })

  it('may take a line off wholly where another one is left or added', () => {
    const order = aShippableOrder()
    expect(planOf(order, { items: quantitiesOf(order, [0]) }).ok).toBe(true)
    expect(planOf(order, { items: [...quantitiesOf(order, [0, 0]), ...one] }).ok).toBe(true)
    expect(planOf(order, { items: quantitiesOf(order, [0, 0]) })).toEqual({
      ok: false,
      failure: { code: 'order_not_editable', reason: 'nothing_left', orderStatus: 'processing' },
    })
  })

  it('keeps units that are packed or were refunded before they shipped', () => {
    const packed = shipped(aShippableOrder(), [1, 0], 'packed')
    expect(planOf(packed, { items: quantitiesOf(packed, [0]) })).toMatchObject({ failure: { minimum: 1 } })
    const [mugs, papers] = aShippableOrder().lines as [OrderLine, OrderLine]
    const units = { ...mugs.units, removed: 1, refunded: 1, refundedAmount: 1_000 }
    const removed = aShippableOrder({ lines: [{ ...mugs, units }, papers] })
    expect(planOf(removed, { items: quantitiesOf(removed, [0]) })).toMatchObject({ failure: { minimum: 1 } })
    expect(planOf(removed, { items: quantitiesOf(removed, [1]) }).ok).toBe(true)
  })

  it('counts the tax that prices do not include in what a line is worth', () => {
    const [mugs, papers] = aShippableOrder().lines as [OrderLine, OrderLine]
    const units = { ...mugs.units, refunded: 1, refundedAmount: 1_190 }
    const lines = [{ ...mugs, tax: 380, total: 2_380, units }, papers]
    const items = quantitiesOf({ ...aShippableOrder(), lines }, [1])
    expect(planOf(aShippableOrder({ lines, pricesIncludeTax: false }), { items }).ok).toBe(true)
    expect(planOf(aShippableOrder({ lines, pricesIncludeTax: true }), { items })).toMatchObject({
      failure: { code: 'line_quantity_too_low', requested: 1, minimum: 2 },
    })
  })
})

describe('an order that may be edited', () => {
  it('is one that is not over, until the instant at which it expires', () => {
    const order = anOrder({ expiresAt: new Date(NOW.getTime() + 1) })
    expect(refusalOf(order, { items: one })).toBeUndefined()
    expect(refusalOf(order, { items: one }, order.expiresAt)).toBe('expired')
    expect(refusalOf(aShippableOrder({ expiresAt: new Date(0) }), { items: one })).toBeUndefined()
    expect(refusalOf(aShippableOrder({ status: 'shipped' }), { items: one })).toBe('shipped')
    expect(refusalOf(aShippableOrder({ status: 'delivered' }), { items: one })).toBe('shipped')
  })

  it('is one whose customer does not have all the money again', () => {
    expect(refusalOf(aShippableOrder({ refundedAmount: 2_499 }), { items: one })).toBeUndefined()
    expect(refusalOf(aShippableOrder({ chargedBackAmount: 2_500 }), { items: one })).toBe('refunded')
  })

  it('keeps its items where Stripe calculated its taxes, and may be delivered elsewhere', () => {
    const order = aShippableOrder({ taxProvider: 'stripe', shippingAddress: BERLIN })
    expect(refusalOf(order, { items: one })).toBe('stripe_tax')
    expect(refusalOf(order, { note: 'Ring twice' })).toBeUndefined()
    expect(refusalOf(order, { shippingAddress: { ...BERLIN, line1: 'Am Ring 2' } })).toBeUndefined()
  })
})

describe('the addresses of an edited order', () => {
  const order = aShippableOrder({ shippingAddress: BERLIN, billingAddress: PARIS, note: 'Ring once' })

  it('are those that are named; null takes one away, and others stay', () => {
    const known = { shippingAddress: BERLIN, billingAddress: PARIS, note: 'Ring once' }
    expect(addressesAfter(order, { items: [] })).toEqual(known)
    expect(addressesAfter(order, { items: [], shippingAddress: null })).toEqual({ ...known, shippingAddress: null })
    expect(addressesAfter(order, { items: [], billingAddress: BERLIN })).toEqual({ ...known, billingAddress: BERLIN })
    expect(addressesAfter(order, { items: [], note: null })).toEqual({ ...known, note: null })
  })

  it('stay in the country of the taxes, which is that of delivery, and else of the bill', () => {
    expect(refusalOf(order, { billingAddress: BERLIN })).toBeUndefined()
    expect(refusalOf(order, { shippingAddress: PARIS })).toBe('other_country')
    // Then the bill in France would count.
    expect(refusalOf(order, { shippingAddress: null })).toBe('other_country')
    expect(refusalOf(order, { shippingAddress: null, billingAddress: BERLIN })).toBeUndefined()
    expect(refusalOf({ ...order, billingAddress: null }, { shippingAddress: null })).toBe('other_country')
  })

  it('may be any where no country was known', () => {
    const plain = aShippableOrder({ shippingAddress: 'Around the corner' })
    expect(refusalOf(plain, { shippingAddress: PARIS })).toBeUndefined()
  })

  it('stay once a part has left, of delivery and of the bill; the note may change', () => {
    const left = shipped(order, [1, 0])
    expect(refusalOf(left, { billingAddress: BERLIN })).toBe('has_left')
    expect(refusalOf(left, { shippingAddress: BERLIN })).toBe('has_left')
    expect(refusalOf(left, { note: 'Ring twice' })).toBeUndefined()
  })
})
