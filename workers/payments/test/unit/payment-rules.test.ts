import { PAYMENT_STATES } from '@shop/contracts/payments/states'
import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import {
  checkExpectedAmount,
  isVisibleTo,
  MAX_DECLINES,
  methodOf,
  nextStep,
  PAUSES_SECONDS,
  type Payment,
} from '../../src/payments/domain/payment.ts'
import { anOrder, aPayment, now } from '../support/builders.ts'

const order = anOrder({ amountDue: 2_550 })
const payment = (over: Partial<Payment>) =>
  aPayment({ state: 'requires_payment_method', intentId: 'pi_1', attemptMethod: null, attemptUntil: null, ...over })

describe('the amount that a client expects', () => {
  it.each([[{}], [{ amount: 25.5 }], [{ amount: 25.5, currency: currency('USD') }]])('%j agrees', (expected) => {
    expect(checkExpectedAmount(order, expected)).toEqual({ ok: true })
  })

  it.each([
    [{ amount: 25.51 }, 'amount'],
    [{ amount: 0.01 }, 'amount'],
    [{ amount: 25.500001 }, 'amount'],
    [{ currency: currency('EUR') }, 'currency'],
  ])('%j is refused for its %s', (expected, field) => {
    expect(checkExpectedAmount(order, expected)).toEqual({ ok: false, failure: { code: 'amount_mismatch', field } })
  })
})

describe('the method that a request names', () => {
  it.each([
    [{ paymentMethod: 'pm_card_visa' }, 'pm_card_visa'],
    [{ paymentMethodId: 'pm_card_visa' }, 'pm_card_visa'],
    [{ paymentMethod: 'credit_card', paymentMethodId: 'pm_card_visa' }, 'pm_card_visa'],
    [{ paymentMethod: 'pm_1Q0PsIJvEtkwdCNYMSaVuRz6', paymentMethodId: 'pm_card_visa' }, 'pm_card_visa'],
    [{ paymentMethod: 'credit_card' }, undefined],
    [{ paymentMethod: 'debit_card' }, undefined],
    [{ paymentMethod: 'card' }, undefined],
    [{}, undefined],
  ])('of %j is %s', (request, method) => {
    expect(methodOf(request)).toEqual({ ok: true, value: method })
  })

  it.each([
    'tok_visa',
    'src_1Q0PsIJvEtkwdCNYMSaVuRz6',
    '4242424242424242',
    '4242 4242 4242 4242',
    '4242-4242-4242-4242',
    'pm_4242424242424242',
    'pm_4242_4242_4242_4242',
    'PM_card_visa',
    'pm-card-visa',
    'pm_',
    'pm_card visa',
    'pm_card_visa/../../refunds',
    'pm_kárta',
    ' pm_card_visa',
    'CARD',
    'paypal',
    'cash on delivery',
    '',
    ' ',
    'x'.repeat(5_000),
  ])('%j is none, in either field', (text) => {
    const refused = { ok: false, failure: { code: 'invalid_payment_method' } }
    expect(methodOf({ paymentMethod: text })).toEqual(refused)
    expect(methodOf({ paymentMethodId: text })).toEqual(refused)
    expect(methodOf({ paymentMethod: text, paymentMethodId: 'pm_card_visa' })).toEqual(refused)
  })

  it('is no kind of payment in the field for ids', () => {
    expect(methodOf({ paymentMethodId: 'card' })).toMatchObject({ failure: { code: 'invalid_payment_method' } })
  })
})

describe('a further request for a payment', () => {
  it.each(PAYMENT_STATES.filter((state) => state.startsWith('requires_') && state !== 'requires_capture'))(
    'confirms one that %s',
    (state) => {
      expect(
        nextStep({ payment: payment({ state }), isCurrent: true, pausedUntil: undefined }, 'pm_card_visa', now),
      ).toEqual({
        ok: true,
        value: { kind: 'confirm', method: 'pm_card_visa' },
      })
    },
  )

  it('shows one that waits for the client', () => {
    expect(nextStep({ payment: payment({}), isCurrent: true, pausedUntil: undefined }, undefined, now)).toEqual({
      ok: true,
      value: { kind: 'show' },
    })
  })

  it.each(['starting', 'processing'] as const)('is refused while it is %s', (state) => {
    expect(
      nextStep({ payment: payment({ state }), isCurrent: true, pausedUntil: undefined }, 'pm_card_visa', now),
    ).toMatchObject({
      failure: { code: 'payment_in_progress' },
    })
  })

  it('is refused while a call to Stripe is in progress', () => {
    const step = nextStep(
      { payment: payment({ attemptUntil: now }), isCurrent: true, pausedUntil: undefined },
      undefined,
      now,
    )
    expect(step).toMatchObject({ failure: { code: 'payment_in_progress' } })
  })

  const paused = { payment: payment({}), isCurrent: true, pausedUntil: new Date(now.getTime() + 59_001) }

  it.each([undefined, 'pm_card_visa'])(
    'is refused while declines pause it, with the seconds to wait (%s)',
    (method) => {
      expect(nextStep(paused, method, now)).toEqual({
        ok: false,
        failure: { code: 'payment_attempts_exhausted', retryAfter: 60 },
      })
    },
  )

  it('is accepted from the end of the pause', () => {
    expect(nextStep(paused, 'pm_card_visa', paused.pausedUntil)).toMatchObject({ ok: true })
  })

  it('of a paid order says that it is paid, whatever was declined before', () => {
    const paid = { ...paused, payment: payment({ state: 'succeeded' }) }
    expect(nextStep(paid, 'pm_card_visa', now)).toMatchObject({ failure: { code: 'order_already_paid' } })
  })

  it.each(['succeeded', 'requires_capture'] as const)('is refused once it is %s', (state) => {
    expect(nextStep({ payment: payment({ state }), isCurrent: true, pausedUntil: undefined }, 'pm', now)).toMatchObject(
      {
        failure: { code: 'order_already_paid' },
      },
    )
  })
})

describe('the pause after declines', () => {
  it('begins with the tenth, and doubles with each further one up to an hour', () => {
    expect(MAX_DECLINES).toBe(10)
    expect(PAUSES_SECONDS).toEqual([60, 120, 240, 480, 960, 1_920, 3_600])
  })
})

describe('a payment', () => {
  it.each([
    [{ kind: 'user', userId: 'user_1', role: 'customer' }, true],
    [{ kind: 'user', userId: 'user_2', role: 'customer' }, false],
    [{ kind: 'user', userId: 'user_2', role: 'admin' }, true],
    [{ kind: 'anonymous' }, false],
  ] as const)('is visible without an order token to %j: %s', (caller, visible) => {
    expect(isVisibleTo(aPayment(), caller)).toBe(visible)
  })

  it('of a guest is visible without an order token to staff only', () => {
    expect(isVisibleTo(aPayment({ userId: null }), { kind: 'user', userId: 'user_1', role: 'customer' })).toBe(false)
  })
})
