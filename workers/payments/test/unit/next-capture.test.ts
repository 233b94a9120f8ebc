import { currency } from '@shop/kernel/currencies'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { leftToCapture, MOST_CAPTURES, nextCapture } from '../../src/payments/domain/next-capture.ts'
import { USD } from '../support/builders.ts'

const authorized = (capturedAmount = 0, of = USD) => ({ amount: 2_500, capturedAmount, currency: of })
const due = (over = {}) => ({ shipped: 1_000, total: 2_500, shipments: 1, isLast: false, ...over })

describe('the capture after a shipment', () => {
  it.each([
    ['the first captures what has left', authorized(), due(), { amount: 1_000, isFinal: false }],
    ['a further one what it adds', authorized(1_000), due({ shipped: 1_700 }), { amount: 700, isFinal: false }],
    ['the last all that is left', authorized(1_700), due({ isLast: true }), { amount: 800, isFinal: true }],
    [
      'one that leaves nothing to pay is final',
      authorized(500),
      due({ shipped: 2_500 }),
      { amount: 2_000, isFinal: true },
    ],
    [
      'what was taken off is never captured',
      authorized(),
      due({ isLast: true, total: 1_800 }),
      { amount: 1_800, isFinal: true },
    ],
    ['what was taken off later is released', authorized(1_800), due({ total: 1_800 }), { amount: 0, isFinal: true }],
    [
      'never more than was authorized',
      authorized(),
      due({ isLast: true, total: 9_000 }),
      { amount: 2_500, isFinal: true },
    ],
  ])('%s', (_, payment, due, capture) => {
    expect(nextCapture(payment, due, true)).toEqual(capture)
  })

  it.each([
    ['before a shipment has left', authorized(), due({ shipments: 0, shipped: 0 })],
    ['that was captured before', authorized(1_000), due()],
    ['that gift cards have paid', authorized(), due({ shipped: 0 })],
    ['of an order that gift cards have paid', authorized(), due({ shipped: 0, total: 0, isLast: true })],
  ])('is none %s', (_, payment, due) => {
    expect(nextCapture(payment, due, true)).toBeUndefined()
  })

  it('is of all where the card can be captured once only', () => {
    expect(nextCapture(authorized(), due(), false)).toEqual({ amount: 2_500, isFinal: true })
  })

  it('is of all before Stripe would refuse a further one', () => {
    expect(nextCapture(authorized(900), due({ shipments: MOST_CAPTURES }), true)).toEqual({
      amount: 1_600,
      isFinal: true,
    })
  })

  it('is of an amount that can be charged, with the rest later', () => {
    const dinars = authorized(0, currency('KWD'))
    expect(nextCapture(dinars, due({ shipped: 1_007 }), true)).toEqual({ amount: 1_000, isFinal: false })
  })

  it('is never of an amount that Stripe refuses, so that it cannot block: what is below a step is released', () => {
    const dinars = authorized(0, currency('KWD'))
    const last = due({ total: 1_005, shipped: 1_005, isLast: true })
    expect(nextCapture(dinars, last, true)).toEqual({ amount: 1_000, isFinal: true })
    expect(nextCapture(dinars, last, false)).toEqual({ amount: 1_000, isFinal: true })
    expect(nextCapture({ ...dinars, capturedAmount: 1_000 }, last, true)).toEqual({ amount: 0, isFinal: true })
    expect(leftToCapture(dinars, last)).toBe(1_000)
  })

  it('together are never more than is due, and exactly that after the last shipment', () => {
    const worths = fc.array(fc.nat(900), { minLength: 1, maxLength: 60 })
    fc.assert(
      fc.property(worths, fc.integer({ min: 1, max: 30_000 }), fc.boolean(), (parts, total, isSeveral) => {
        let capturedAmount = 0
        let shipped = 0
        let isOver = false
        parts.forEach((worth, at) => {
          shipped = Math.min(total, shipped + worth)
          const payment = { amount: 30_000, capturedAmount, currency: USD }
          const isLast = at === parts.length - 1
          const capture = isOver
            ? undefined
            : nextCapture(payment, { shipped: isLast ? total : shipped, total, shipments: at + 1, isLast }, isSeveral)
          if (capture === undefined) return
          expect(capture.amount).toBeGreaterThanOrEqual(capture.isFinal && capturedAmount > 0 ? 0 : 1)
          capturedAmount += capture.amount
          isOver = capture.isFinal
          expect(capturedAmount).toBeLessThanOrEqual(total)
        })
        expect([capturedAmount, isOver]).toEqual([total, true])
      }),
    )
  })
})
