import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { differencesOf, type ListedIntent } from '../../src/reconciliation/domain/compare.ts'
import { anIntent, aPayment } from '../support/builders.ts'

const paid = aPayment({ intentId: 'pi_1', state: 'succeeded', capturedAmount: 2_500, refundedAmount: 500 })
const BOOKED = { captured: 2_500, refunded: 500 }
const atStripe = (over: Partial<ListedIntent> = {}): ListedIntent => ({
  ...anIntent('succeeded'),
  refunded: 500,
  ...over,
})
const recorded = { payment: paid, booked: BOOKED }
const kinds = (...asked: Parameters<typeof differencesOf>) => differencesOf(...asked).map(({ kind }) => kind)

describe('a payment', () => {
  it('that is the same here, at Stripe and in the ledger has no discrepancy', () => {
    expect(differencesOf(atStripe(), recorded)).toEqual([])
  })

  it.each([
    ['amount', { amount: 2_400 }, 'payment_differs'],
    ['currency', { currency: currency('EUR') }, 'payment_differs'],
    ['PaymentIntent', { intentId: 'pi_2' }, 'payment_differs'],
    ['captured amount', { capturedAmount: 2_400 }, 'captured_differs'],
    ['refunded amount', { refunded: 600 }, 'refunded_differs'],
  ] as const)('with another %s at Stripe differs', (_, over, kind) => {
    expect(kinds(atStripe(over), recorded)).toContain(kind)
  })

  it('with a pending refund does not differ, whether or not Stripe has received it', () => {
    const pending = { payment: { ...paid, reservedAmount: 300 }, booked: BOOKED }
    for (const refunded of [500, 800]) expect(kinds(atStripe({ refunded }), pending)).toEqual([])
    expect(kinds(atStripe({ refunded: 900 }), pending)).toEqual(['refunded_differs'])
  })

  it('of which a part was captured does not differ, whether or not Stripe counts the rest as refunded', () => {
    const part = { payment: { ...paid, capturedAmount: 2_000 }, booked: { ...BOOKED, captured: 2_000 } }
    for (const refunded of [500, 1_000]) {
      expect(kinds(atStripe({ capturedAmount: 2_000, refunded }), part)).toEqual([])
    }
    expect(kinds(atStripe({ capturedAmount: 2_000, refunded: 700 }), part)).toEqual(['refunded_differs'])
  })

  it('differs when its ledger entries add up to something else', () => {
    expect(differencesOf(atStripe(), { payment: paid, booked: { captured: 2_500, refunded: 0 } })).toEqual([
      {
        kind: 'ledger_differs',
        stripe: '25 USD captured, 5 USD refunded',
        shop: '25 USD captured, 0 USD refunded',
      },
    ])
  })

  it('unknown to the shop differs if it was captured', () => {
    expect(kinds(atStripe(), {})).toEqual(['payment_unknown'])
    expect(kinds(atStripe({ capturedAmount: 0 }), {})).toEqual([])
  })
})
