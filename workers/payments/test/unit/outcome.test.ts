import { PAYMENT_STATES } from '@shop/contracts/payments/states'
import { describe, expect, it } from 'vitest'
import { intentOf, outcomeOf, toResult } from '../../src/payments/domain/outcome.ts'
import { aCapturedPayment, anIntent, PAYMENT_ID } from '../support/builders.ts'

const payment = aCapturedPayment()

describe('the outcome of a state', () => {
  it.each(PAYMENT_STATES)('%s', (state) => {
    const kinds: Partial<Record<typeof state, string>> = {
      succeeded: 'paid',
      requires_capture: 'authorized',
      canceled: 'reversed',
    }
    expect(outcomeOf({ state, declineCode: null }).kind).toBe(kinds[state] ?? 'pending')
  })

  it('that waits for another method after a decline is declined', () => {
    expect(outcomeOf({ state: 'requires_payment_method', declineCode: 'expired_card' })).toEqual({
      kind: 'declined',
      declineCode: 'expired_card',
    })
  })
})

describe('a client', () => {
  it.each(['paid', 'authorized', 'pending'] as const)('of a payment that is %s gets the payment', (kind) => {
    expect(toResult({ payment, outcome: { kind } })).toEqual({ ok: true, value: payment })
  })

  it('of a declined payment gets the bank’s code', () => {
    expect(toResult({ payment, outcome: { kind: 'declined', declineCode: 'expired_card' } })).toEqual({
      ok: false,
      failure: { code: 'payment_declined', declineCode: 'expired_card', paymentId: PAYMENT_ID },
    })
  })

  it('of a reversed payment is told that the order cannot be paid', () => {
    expect(toResult({ payment, outcome: { kind: 'reversed' } })).toEqual({
      ok: false,
      failure: { code: 'order_not_payable', orderStatus: 'cancelled' },
    })
  })
})

describe('an answer of Stripe', () => {
  it.each([
    [{ kind: 'intent', intent: anIntent('succeeded') }],
    [{ kind: 'declined', intent: anIntent('succeeded'), declineCode: 'expired_card' }],
  ] as const)('%j reports a PaymentIntent', (answer) => {
    expect(intentOf(answer)).toEqual({ ok: true, value: anIntent('succeeded') })
  })

  it.each([
    [{ kind: 'refused', reason: 'invalid_payment_method' }, 'invalid_payment_method'],
    [{ kind: 'refused', reason: 'amount_not_chargeable' }, 'amount_not_chargeable'],
    [{ kind: 'busy' }, 'payment_provider_unavailable'],
    [{ kind: 'unknown', isReplayed: true }, 'payment_provider_unavailable'],
  ] as const)('%j is told as %s', (answer, code) => {
    expect(intentOf(answer)).toEqual({ ok: false, failure: { code } })
  })
})
