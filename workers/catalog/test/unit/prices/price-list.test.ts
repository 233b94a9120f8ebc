import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { decidePrices, type PriceDraft } from '../../../src/prices/domain/price-list.ts'
import { decideChanges } from '../../../src/products/domain/product-changes.ts'
import { aProduct, aVariant } from '../../support/goods.ts'

const USD = currency('USD')
const EUR = currency('EUR')
const from = new Date('2026-12-01T00:00:00Z')
const to = new Date('2026-12-27T00:00:00Z')

const SETTINGS = { declared: [], locales: ['en'] }

describe('the further prices of a variant', () => {
  it('are read in the minor units of their own currency', () => {
    const drafts = [
      { currency: EUR, amount: 18.99, compareAtPrice: 20 },
      { currency: currency('JPY'), amount: 3_000, startsAt: from },
      { currency: USD, amount: 15, startsAt: from, endsAt: to },
    ]
    expect(decidePrices(drafts, USD)).toEqual({
      ok: true,
      value: [
        { currency: 'EUR', price: 1_899, compareAtPrice: 2_000, startsAt: null, endsAt: null },
        { currency: 'JPY', price: 3_000, compareAtPrice: null, startsAt: from, endsAt: null },
        { currency: 'USD', price: 1_500, compareAtPrice: null, startsAt: from, endsAt: to },
      ],
    })
  })

  it.each<[string, PriceDraft[], string]>([
    ['the first currency without dates', [{ currency: USD, amount: 1 }], 'prices.0'],
    [
      'a currency twice without dates',
      [
        { currency: EUR, amount: 1 },
        { currency: EUR, amount: 2 },
      ],
      'prices.1',
    ],
    ['an end before the start', [{ currency: EUR, amount: 1, startsAt: to, endsAt: from }], 'prices.0'],
    ['an end at the start', [{ currency: EUR, amount: 1, startsAt: to, endsAt: to }], 'prices.0'],
  ])('do not fit with %s', (_, drafts, field) => {
    expect(decidePrices(drafts, USD)).toMatchObject({ failure: { code: 'invalid_prices', errors: [{ field }] } })
  })

  it.each([
    [{ currency: EUR, amount: 1.001 }, 'prices.0.amount'],
    [{ currency: currency('JPY'), amount: 1, compareAtPrice: 1.5 }, 'prices.0.compare_at_price'],
  ])('are refused when finer than their currency: %j', (draft, field) => {
    expect(decidePrices([draft], USD)).toMatchObject({ failure: { code: 'invalid_amount', errors: [{ field }] } })
  })

  it('keep a product from taking a first currency in which they have a price', () => {
    const price = { currency: EUR, price: 900, compareAtPrice: null, startsAt: null, endsAt: null }
    const withPrices = (...prices: (typeof price)[]) => aProduct({ variants: [aVariant({ prices })] })
    expect(decideChanges(withPrices(price), { currency: EUR }, SETTINGS)).toMatchObject({
      failure: { code: 'invalid_prices', errors: [{ field: 'currency' }] },
    })
    expect(decideChanges(withPrices(), { currency: EUR }, SETTINGS)).toMatchObject({ ok: true })
  })
})
