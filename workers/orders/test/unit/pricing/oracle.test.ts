import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priceCart } from '../../../src/pricing/domain/price-cart.ts'
import { anyPricing } from '../../support/pricing/any-pricing.ts'
import { oraclePrice } from '../../support/pricing/oracle.ts'

const CARTS = 1_000

describe('a random cart', () => {
  it('costs what an independent calculation in rational numbers says, in every part', () => {
    fc.assert(
      fc.property(anyPricing, (pricing) => {
        expect(priceCart(pricing)).toEqual(oraclePrice(pricing))
      }),
      { numRuns: CARTS },
    )
  })
})

describe('random carts', () => {
  const carts = fc.sample(anyPricing, { numRuns: CARTS, seed: 12 })
  const priced = carts.map((pricing) => ({ pricing, cart: priceCart(pricing) }))

  it.each(['percentage', 'fixed_amount', 'free_shipping', 'buy_x_get_y', 'tiered'] as const)(
    'have %s applied, alone and after others',
    (type) => {
      const applied = priced.map(({ cart }) => cart.adjustments.findIndex((adjustment) => adjustment.type === type))
      expect(applied.filter((turn) => turn === 0).length).toBeGreaterThan(10)
      expect(applied.filter((turn) => turn > 0).length).toBeGreaterThan(5)
    },
  )

  it.each([
    'below_minimum_subtotal',
    'below_minimum_quantity',
    'nothing_applies',
    'no_shipping',
    'country_not_included',
    'customer_not_included',
    'not_first_order',
    'currency_not_included',
    'excluded_by_another',
  ] as const)('have codes refused as %s', (reason) => {
    expect(priced.some(({ cart }) => cart.refused.some((refusal) => refusal.reason === reason))).toBe(true)
  })

  it.each(['line', 'order'] as const)(
    'have several taxes, by %s, on lines and shipping, included and added',
    (rounding) => {
      const taxed = priced.filter(
        ({ pricing, cart }) =>
          pricing.rounding === rounding && cart.taxLines.filter(({ amount }) => amount > 0).length > 1,
      )
      const shipped = taxed.filter(({ cart }) => (cart.shipping?.tax ?? 0) > 0)
      for (const included of [true, false]) {
        expect(shipped.filter(({ pricing }) => pricing.pricesIncludeTax === included).length).toBeGreaterThan(10)
      }
    },
  )

  it.each(['USD', 'JPY', 'KWD', 'HUF'])('are in %s', (currency) => {
    expect(priced.filter(({ cart }) => cart.currency === currency && cart.total > 0).length).toBeGreaterThan(100)
  })
})
