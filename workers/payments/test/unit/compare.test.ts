import { currency } from '@shop/kernel'
import { describe, expect, it } from 'vitest'
import { type AtStripe, differencesOf } from '../../src/domain/compare.ts'
import { aPayment } from '../support/builders.ts'

const USD = currency('USD')
const paid = aPayment({ intentId: 'pi_1', state: 'succeeded', capturedAmount: 2_500, refundedAmount: 500 })
const BOOKED = { captured: 2_500, refunded: 500 }
const atStripe = (over: Partial<AtStripe> = {}): AtStripe => ({
  intentId: 'pi_1',
  state: 'succeeded',
  amount: 2_500,
  currency: USD,
  capturedAmount: 2_500,
  refunded: 500,
  ...over,
})
const kinds = (...asked: Parameters<typeof differencesOf>) => differencesOf(...asked).map(({ kind }) => kind)

describe('a payment', () => {
  it('that is the same here, at Stripe and in the ledger differs in nothing', () => {
    expect(differencesOf(atStripe(), paid, BOOKED)).toEqual([])
  })

  it.each([
    ['amount', { amount: 2_400 }, 'payment_differs'],
    ['currency', { currency: currency('EUR') }, 'payment_differs'],
    ['PaymentIntent', { intentId: 'pi_2' }, 'payment_differs'],
    ['captured amount', { capturedAmount: 2_400 }, 'captured_differs'],
    ['amount given back', { refunded: 600 }, 'refunded_differs'],
  ] as const)('of another %s at Stripe differs', (_, over, kind) => {
    expect(kinds(atStripe(over), paid, BOOKED)).toContain(kind)
  })

  it('with a refund on its way is right whether or not Stripe has heard of it', () => {
    const underWay = { ...paid, reservedAmount: 300 }
    for (const refunded of [500, 800]) expect(kinds(atStripe({ refunded }), underWay, BOOKED)).toEqual([])
    expect(kinds(atStripe({ refunded: 900 }), underWay, BOOKED)).toEqual(['refunded_differs'])
  })

  it('that the ledger says otherwise of differs', () => {
    expect(differencesOf(atStripe(), paid, { captured: 2_500, refunded: 0 })).toEqual([
      {
        kind: 'ledger_differs',
        stripe: '25 USD captured, 5 USD refunded',
        shop: '25 USD captured, 0 USD refunded',
      },
    ])
  })

  it('that the shop does not have matters if money came for it', () => {
    expect(kinds(atStripe(), undefined, { captured: 0, refunded: 0 })).toEqual(['payment_unknown'])
    expect(kinds(atStripe({ capturedAmount: 0 }), undefined, { captured: 0, refunded: 0 })).toEqual([])
  })
})
