import { type CurrencyCode, chargeRule, currency, isCurrencyCode } from '@shop/kernel/currencies'
import type { Money } from '@shop/kernel/money'
import { fromStripeAmount, toStripeAmount } from '@shop/kernel/stripe-amount'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { checkChargeAmount as checkAtStripe, checkCurrency } from '../../../../emulators/stripe/src/api/currencies.ts'
import { checkChargeAmount, partAmount } from '../../src/payments/domain/charge-amount.ts'

const money = (minor: number, code: string): Money => ({ minor, currency: currency(code) })
const NOT_CHARGEABLE = { ok: false, failure: { code: 'amount_not_chargeable' } }

describe('an amount in Stripe’s unit', () => {
  it('reads back as the same amount, in every currency', () => {
    const codes = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'ISK', 'UGX', 'MGA')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), codes, (minor, code) => {
        const amount = toStripeAmount(money(minor, code))
        if (amount.ok) expect(fromStripeAmount(money(amount.value, code))).toBe(minor)
        else expect(amount).toEqual(NOT_CHARGEABLE)
      }),
    )
  })

  it.each([
    [50, 'USD', 50],
    [500, 'JPY', 500],
    [1_500, 'KWD', 1_500],
    [12, 'ISK', 1_200],
    [150_000, 'MGA', 1_500],
  ])('is for %d minor units of %s %d', (minor, code, amount) => {
    expect(toStripeAmount(money(minor, code))).toEqual({ ok: true, value: amount })
  })

  it.each([
    [1_501, 'KWD'],
    [150_050, 'MGA'],
  ])('cannot express %d of %s', (minor, code) => {
    expect(toStripeAmount(money(minor, code))).toEqual(NOT_CHARGEABLE)
    expect(checkChargeAmount(money(minor, code))).toEqual(NOT_CHARGEABLE)
  })
})

describe('the table of currencies', () => {
  const codes = Intl.supportedValuesOf('currency').filter(isCurrencyCode)
  /** The emulator has a table of its own, from the same source. */
  const isTaken = (minor: number, code: CurrencyCode) => {
    const amount = toStripeAmount({ minor, currency: code })
    if (!amount.ok) return false
    try {
      checkAtStripe(amount.value, checkCurrency(code))
      return true
    } catch {
      return false
    }
  }

  it.each(codes)('agrees with Stripe on what can be charged in %s', (code) => {
    const rule = chargeRule(code)
    if (rule === undefined) {
      expect(isTaken(100_000, code)).toBe(false)
      return
    }
    const { minimum, maximum, step } = rule
    expect([minimum, maximum].map((minor) => isTaken(minor, code))).toEqual([true, true])
    expect([minimum - step, maximum + step].map((minor) => isTaken(minor, code))).toEqual([false, false])
  })
})

describe('a charge', () => {
  it('is allowed from the minimum', () => {
    expect(checkChargeAmount(money(50, 'USD'))).toEqual({ ok: true })
  })

  it('is refused below the minimum, which is stated in major units', () => {
    expect(checkChargeAmount(money(49, 'USD'))).toEqual({
      ok: false,
      failure: { code: 'amount_too_small', minimum: 0.5, currency: 'USD' },
    })
  })
})

describe('a part of a payment', () => {
  it.each([
    [undefined, undefined],
    [9.99, 999],
    [0.01, 1],
  ])('of %s in major units is %s in minor units', (amount, minor) => {
    expect(partAmount(amount, currency('USD'))).toEqual({ ok: true, value: minor })
  })

  it('is refused with more decimals than the currency or Stripe’s unit has', () => {
    expect(partAmount(9.999, currency('USD'))).toMatchObject({ failure: { code: 'invalid_amount' } })
    expect(partAmount(1.501, currency('KWD'))).toEqual(NOT_CHARGEABLE)
  })
})

describe('a currency that Stripe counts in its own unit', () => {
  it.each(['BHD', 'JOD', 'KWD', 'OMR', 'TND'])('%s has three decimals, of which Stripe takes two', (code) => {
    expect(toStripeAmount(money(1_500, code))).toEqual({ ok: true, value: 1_500 })
    expect(toStripeAmount(money(1_501, code))).toEqual(NOT_CHARGEABLE)
    expect(fromStripeAmount(money(1_500, code))).toBe(1_500)
  })

  it('reads back exactly: ariary in whole units, krónur and shillings in hundredths', () => {
    expect(fromStripeAmount(money(1_500, 'MGA'))).toBe(150_000)
    expect(fromStripeAmount(money(1_200, 'ISK'))).toBe(12)
    expect(fromStripeAmount(money(1_200, 'USD'))).toBe(1_200)
  })

  it('refuses an amount that is none before it is measured in Stripe’s unit', () => {
    for (const code of ['KWD', 'MGA']) {
      expect(partAmount(1.00001, currency(code))).toMatchObject({ failure: { code: 'invalid_amount' } })
    }
  })
})

describe('a currency that Stripe does not take', () => {
  it('has no range, so that what was booked in it can still be read', () => {
    expect(checkChargeAmount(money(1, 'IRR'))).toEqual({ ok: true })
    expect(checkChargeAmount(money(0, 'IRR'))).toMatchObject({ failure: { code: 'amount_too_small', minimum: 0.01 } })
    expect(toStripeAmount(money(7, 'IRR'))).toEqual({ ok: true, value: 7 })
  })
})
