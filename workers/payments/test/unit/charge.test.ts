import { currency, type Money } from '@shop/kernel'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { fromChargeAmount, toChargeAmount } from '../../src/domain/charge.ts'

const money = (minor: number, code: string): Money => ({ minor, currency: currency(code) })

describe('the amount Stripe is asked for', () => {
  it('reads back as the amount that was meant, in every currency', () => {
    const codes = fc.constantFrom('USD', 'EUR', 'JPY', 'KWD', 'ISK', 'UGX', 'MGA')
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 99_999_999 }), codes, (minor, code) => {
        const charged = toChargeAmount(money(minor, code))
        if (charged.ok) expect(fromChargeAmount(money(charged.value, code))).toBe(minor)
        else expect(['amount_too_small', 'amount_not_chargeable']).toContain(charged.failure.code)
      }),
    )
  })

  it.each([
    [50, 'USD', 50],
    [500, 'JPY', 500],
    [1_500, 'KWD', 1_500],
    [12, 'ISK', 1_200],
    [150_000, 'MGA', 1_500],
  ])('for %d minor units of %s is %d', (minor, code, amount) => {
    expect(toChargeAmount(money(minor, code))).toEqual({ ok: true, value: amount })
  })

  it('is refused below the minimum, in major units', () => {
    expect(toChargeAmount(money(49, 'USD'))).toEqual({
      ok: false,
      failure: { code: 'amount_too_small', minimum: 0.5, currency: 'USD' },
    })
  })

  it.each([
    [1_501, 'KWD'],
    [150_050, 'MGA'],
  ])('is refused where Stripe does not take it so fine: %d of %s', (minor, code) => {
    expect(toChargeAmount(money(minor, code))).toEqual({ ok: false, failure: { code: 'amount_not_chargeable' } })
  })
})
