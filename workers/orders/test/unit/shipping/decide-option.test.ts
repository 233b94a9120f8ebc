import { currency } from '@shop/kernel/currencies'
import { describe, expect, it } from 'vitest'
import { BLANK_OPTION, decideOption, type OptionChanges } from '../../../src/shipping/domain/decide-option.ts'
import type { OptionFields } from '../../../src/shipping/domain/option.ts'

const EUR = currency('EUR')
const USD = currency('USD')
const JPY = currency('JPY')

const flat: OptionFields = { ...BLANK_OPTION, name: 'Standard', prices: [{ currency: EUR, amount: 490, from: 0 }] }

const errorsOf = (changes: OptionChanges, current = flat) => {
  const decided = decideOption(current, changes)
  return decided.ok ? [] : decided.failure.errors.map(({ field, message }) => `${field} ${message}`)
}

describe('the fields of an option of shipping', () => {
  it('have amounts in minor units, in the order of their currencies and bands', () => {
    const prices = [
      { currency: USD, amount: 5.5, fromSubtotal: 100 },
      { currency: JPY, amount: 700 },
      { currency: USD, amount: 9.9 },
    ]
    expect(decideOption(flat, { pricing: 'by_subtotal', prices, freeFrom: [{ currency: USD, amount: 250 }] })).toEqual({
      ok: true,
      value: {
        ...flat,
        pricing: 'by_subtotal',
        prices: [
          { currency: JPY, amount: 700, from: 0 },
          { currency: USD, amount: 990, from: 0 },
          { currency: USD, amount: 550, from: 10_000 },
        ],
        freeFrom: [{ currency: USD, amount: 25_000 }],
      },
    })
  })

  it('are priced by currency before by band, and free from a subtotal in each currency', () => {
    const prices = [
      { currency: USD, amount: 1 },
      { currency: EUR, amount: 2, fromSubtotal: 10 },
    ]
    const freeFrom = [USD, EUR].map((code) => ({ currency: code, amount: 50 }))
    expect(decideOption(flat, { pricing: 'by_subtotal', prices, freeFrom })).toMatchObject({
      value: {
        prices: [
          { currency: EUR, amount: 200, from: 1_000 },
          { currency: USD, amount: 100, from: 0 },
        ],
        freeFrom: [
          { currency: USD, amount: 5_000 },
          { currency: EUR, amount: 5_000 },
        ],
      },
    })
  })

  it('are those of a flat price for everybody where only a price is sent', () => {
    const decided = decideOption({ ...BLANK_OPTION, name: 'Standard' }, { prices: [{ currency: EUR, amount: 4.9 }] })
    expect(decided).toEqual({
      ok: true,
      value: {
        ...{ name: 'Standard', estimate: null, isPickup: false, pricing: 'flat', freeFrom: [], maxWeightGrams: null },
        prices: [{ currency: EUR, amount: 490, from: 0 }],
        excludedShippingClasses: [],
      },
    })
  })

  it('stay as they are where nothing is sent, and null empties those that may be empty', () => {
    const full = { ...flat, estimate: '1 day', freeFrom: [{ currency: EUR, amount: 1 }], maxWeightGrams: 5 }
    const current = { ...full, excludedShippingClasses: ['bulky'] }
    expect(decideOption(current, { name: 'Express' })).toEqual({ ok: true, value: { ...current, name: 'Express' } })
    const cleared = { estimate: null, freeFrom: null, maxWeightGrams: null, excludedShippingClasses: null }
    expect(decideOption(current, cleared)).toEqual({ ok: true, value: flat })
  })

  it('name an excluded class once', () => {
    const decided = decideOption(flat, { excludedShippingClasses: ['bulky', 'cold', 'bulky'] })
    expect(decided).toMatchObject({ ok: true, value: { excludedShippingClasses: ['bulky', 'cold'] } })
  })

  it('need new prices with another pricing', () => {
    expect(errorsOf({ pricing: 'by_weight' })).toEqual(['prices must come with the pricing by_weight'])
    const prices = [{ currency: EUR, amount: 1, fromWeightGrams: 5 }]
    expect(decideOption(flat, { pricing: 'by_weight', prices })).toMatchObject({
      value: { pricing: 'by_weight', prices: [{ currency: EUR, amount: 100, from: 5 }] },
    })
  })

  it.each<[OptionChanges, string]>([
    [{ prices: [{ currency: EUR, amount: 1.001 }] }, 'prices.0.amount is not an amount of EUR: too_fine'],
    [{ prices: [{ currency: JPY, amount: 0.5 }] }, 'prices.0.amount is not an amount of JPY: too_fine'],
    [{ prices: [{ currency: EUR, amount: 1e20 }] }, 'prices.0.amount is not an amount of EUR: too_large'],
    [
      { prices: [{ currency: EUR, amount: 1, fromWeightGrams: 1 }] },
      'prices.0.from_weight_grams must come with the pricing by_weight only',
    ],
    [
      { prices: [{ currency: EUR, amount: 1, fromSubtotal: 1 }] },
      'prices.0.from_subtotal must come with the pricing by_subtotal only',
    ],
    [
      { pricing: 'by_subtotal', prices: [{ currency: EUR, amount: 1, fromSubtotal: 0.001 }] },
      'prices.0.from_subtotal is not an amount of EUR: too_fine',
    ],
    [
      { prices: [1, 2].map((amount) => ({ currency: EUR, amount })) },
      'prices.1 begins where another one of its currency does',
    ],
    [{ freeFrom: [{ currency: EUR, amount: 0.001 }] }, 'free_from.0.amount is not an amount of EUR: too_fine'],
    [{ freeFrom: [1, 2].map((amount) => ({ currency: EUR, amount })) }, 'free_from.1.currency is there already'],
  ])('are refused as %j', (changes, error) => {
    expect(errorsOf(changes)).toEqual([error])
  })

  it('have a price', () => {
    expect(errorsOf({}, { ...flat, prices: [] })).toEqual(['prices must have a price'])
  })
})
