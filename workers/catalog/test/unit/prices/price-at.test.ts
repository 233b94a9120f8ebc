import { currency } from '@shop/kernel/currencies'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { currenciesAt, nextPriceChange, type Priced, priceAt } from '../../../src/prices/domain/price-at.ts'
import type { FurtherPrice } from '../../../src/prices/domain/price-list.ts'

const USD = currency('USD')
const EUR = currency('EUR')
const JPY = currency('JPY')
const at = (second: number) => new Date(Date.UTC(2026, 11, 1) + second * 1_000)

const further = (over: Partial<FurtherPrice>): FurtherPrice => ({
  ...{ currency: EUR, price: 900, compareAtPrice: null, startsAt: null, endsAt: null, ...over },
})
const sale = (price: number, from: number | null, to: number | null, code = USD): FurtherPrice =>
  further({ currency: code, price, startsAt: from === null ? null : at(from), endsAt: to === null ? null : at(to) })
const aVariant = (...prices: FurtherPrice[]): Priced => ({ price: 1_000, compareAtPrice: 1_200, currency: USD, prices })
const amount = (variant: Priced, second: number, code = USD) => priceAt(variant, code, at(second))?.price

describe('the price of a variant', () => {
  it('is its own in its first currency, and those without dates in others', () => {
    const variant = aVariant(further({ compareAtPrice: 950 }))
    expect(priceAt(variant, USD, at(0))).toEqual({ price: 1_000, compareAtPrice: 1_200 })
    expect(priceAt(variant, EUR, at(0))).toEqual({ price: 900, compareAtPrice: 950 })
    expect(priceAt(variant, JPY, at(0))).toBeUndefined()
  })

  it('changes at the first instant of a sale and back at its last, exactly', () => {
    const variant = aVariant(sale(700, 10, 20))
    const justBefore = (second: number) => new Date(at(second).getTime() - 1)
    expect(priceAt(variant, USD, justBefore(10))?.price).toBe(1_000)
    expect(priceAt(variant, USD, at(10))).toEqual({ price: 700, compareAtPrice: null })
    expect(priceAt(variant, USD, justBefore(20))?.price).toBe(700)
    expect(priceAt(variant, USD, at(20))?.price).toBe(1_000)
  })

  it('is that of the sale that started last; of two that started together, the last in the list', () => {
    const variant = aVariant(
      sale(500, 20, 40),
      sale(700, 10, 60),
      sale(400, 30, 35),
      sale(450, 30, 35),
      sale(800, null, 70),
    )
    expect([0, 10, 20, 30, 35, 40, 60, 70].map((second) => amount(variant, second))).toEqual([
      ...[800, 700, 500, 450, 500, 700, 800, 1_000],
    ])
  })

  it('exists only while a sale lasts in a currency that has nothing else', () => {
    const variant = aVariant(sale(90, 10, 20, JPY))
    expect([0, 10, 20].map((second) => amount(variant, second, JPY))).toEqual([undefined, 90, undefined])
    expect([0, 10, 20].map((second) => currenciesAt(variant, at(second)))).toEqual([[USD], [USD, JPY], [USD]])
  })
})

describe('any prices', () => {
  const second = fc.integer({ min: 0, max: 12 })
  const anyFurther = fc
    .record({
      code: fc.constantFrom(USD, EUR, JPY),
      price: fc.integer({ min: 1, max: 99 }),
      from: second,
      length: second,
      open: fc.constantFrom('from', 'to', 'none'),
    })
    .map(({ code, price, from, length, open }) =>
      sale(price, open === 'from' ? null : from, open === 'to' ? null : from + length + 1, code),
    )
  const anyVariant = fc.array(anyFurther, { maxLength: 6 }).map((prices) => aVariant(...prices))
  const shown = (variant: Priced, now: Date) => [USD, EUR, JPY].map((code) => priceAt(variant, code, now))

  it('stay as they are from one change to the next, to the millisecond, in every currency', () => {
    fc.assert(
      fc.property(anyVariant, second, (variant, start) => {
        const now = at(start)
        const next = nextPriceChange([variant], now)
        const last = new Date((next ?? at(1_000)).getTime() - 1)
        expect(shown(variant, last)).toEqual(shown(variant, now))
        expect(next === undefined || next > now).toBe(true)
      }),
    )
  })

  it('are sold in exactly the currencies that have a price, the first one always', () => {
    fc.assert(
      fc.property(anyVariant, second, (variant, start) => {
        const sold = currenciesAt(variant, at(start))
        expect(sold[0]).toBe(USD)
        for (const code of [USD, EUR, JPY]) {
          expect(sold.includes(code)).toBe(priceAt(variant, code, at(start)) !== undefined)
        }
      }),
    )
  })
})
