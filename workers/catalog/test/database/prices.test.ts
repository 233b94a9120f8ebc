import { currency } from '@shop/kernel/currencies'
import { sql } from 'drizzle-orm'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { priceAt } from '../../src/prices/domain/price-at.ts'
import type { FurtherPrice } from '../../src/prices/domain/price-list.ts'
import { quoteProducts } from '../../src/products/quote-products.ts'
import type { NewVariant } from '../../src/variants/domain/variant.ts'
import { aVariant, later, NOW, useDatabase } from './use-database.ts'

const { database, products, addProduct, insert, listProducts } = useDatabase()
const addVariants = async (variants: NewVariant[]) => (await insert({ variants })).product

const EUR = currency('EUR')
const JPY = currency('JPY')
const further = (over: Partial<FurtherPrice> = {}): FurtherPrice => ({
  ...{ currency: EUR, price: 900, compareAtPrice: null, startsAt: null, endsAt: null, ...over },
})

describe('the further prices of a variant', () => {
  const prices = [
    further({ compareAtPrice: 950 }),
    further({ currency: JPY, price: 999_999_999_999_999, startsAt: NOW, endsAt: later(0.001) }),
  ]

  it('are read as they were written, by id and by SKU, and replaced as a list', async () => {
    const product = await addVariants([aVariant({ sku: 'PRICED', prices })])
    expect(product.variants).toMatchObject([{ prices }])
    expect((await products().find(product.id))?.variants).toEqual(product.variants)
    expect(await products().findBySku('PRICED', { isForSale: true })).toMatchObject([{ prices }])
    const changed = product.variants.map((variant) => ({ ...variant, prices: prices.slice(1) }))
    const saved = await products().tryWrite({ decidedFrom: product, variants: { changed }, updatedAt: later(1) })
    expect(saved).toMatchObject({ value: { product: { variants: [{ prices: prices.slice(1) }] } } })
    expect((await products().find(product.id))?.variants).toMatchObject([{ prices: prices.slice(1) }])
  })

  it('are quoted as they are at the moment, in one round trip', async () => {
    const product = await addVariants([aVariant({ price: 1_000, prices })])
    const refs = product.variants.map(({ id: variantId }) => ({ variantId }))
    const quoteAt = (now: Date, code?: typeof EUR) =>
      quoteProducts({ products: products(), now: () => now }, { refs, ...(code && { currency: code }) })
    database().resetCounts()
    expect(await quoteAt(NOW)).toMatchObject({ value: [{ price: 1_000, currency: 'USD' }] })
    expect(database().counts().roundTrips).toBe(1)
    expect(await quoteAt(NOW, EUR)).toMatchObject({ value: [{ price: 900, currency: 'EUR' }] })
    expect(await quoteAt(NOW, JPY)).toMatchObject({ value: [{ price: 999_999_999_999_999, currency: 'JPY' }] })
    expect(await quoteAt(later(0.001), JPY)).toMatchObject({ failure: { code: 'item_not_sold_in_currency' } })
  })

  it('are none for a variant that was written without them', async () => {
    const { id } = await addProduct()
    expect((await products().find(id))?.variants).toMatchObject([{ prices: [] }])
  })
})

type Interval = { currency: string; valid_from: string; valid_to: string; min_amount: string; max_amount: string }

/** The lowest and the highest price in a currency at a moment, as the intervals of the database have them. */
async function rangesAt(productId: number, code: string, now: Date): Promise<number[][]> {
  const { rows } = await database()
    .as('catalog')
    .execute<Interval>(sql`
      select * from catalog.product_price_intervals(array[${productId}]::bigint[])
      where currency = ${code} and valid_from <= ${now.toISOString()}::timestamptz
        and ${now.toISOString()}::timestamptz < valid_to`)
  return rows.map(({ min_amount, max_amount }) => [Number(min_amount), Number(max_amount)])
}

describe('the intervals of the prices of a product', () => {
  const second = fc.integer({ min: 0, max: 5 })
  const anyPrice = fc
    .record({
      ...{ code: fc.constantFrom(currency('USD'), EUR, JPY), price: fc.integer({ min: 1, max: 99 }) },
      ...{ from: second, length: second, open: fc.constantFrom('from', 'to', 'none') },
    })
    .map(({ code, price, from, length, open }) =>
      further({
        ...{ currency: code, price },
        startsAt: open === 'from' ? null : later(from),
        endsAt: open === 'to' ? null : later(from + length + 1),
      }),
    )
  const anyPrices = fc.array(anyPrice, { maxLength: 4 })

  it('have the price of every moment, past and future, in every currency', async () => {
    await fc.assert(
      fc.asyncProperty(anyPrices, anyPrices, async (one, other) => {
        const variants = [
          aVariant({ options: { size: 'S' }, price: 50, prices: [...one, further({ price: 60 })] }),
          aVariant({ options: { size: 'M' }, price: 70, prices: other, position: 1 }),
        ]
        const { id } = await addVariants(variants)
        for (const moment of [-1, 0, 1, 2.5, 3, 6, 11, 100].map(later)) {
          for (const code of ['USD', 'EUR', 'JPY'].map(currency)) {
            const amounts = variants.flatMap((variant) => priceAt(variant, code, moment)?.price ?? [])
            const range = amounts.length === 0 ? [] : [[Math.min(...amounts), Math.max(...amounts)]]
            expect(await rangesAt(id, code, moment)).toEqual(range)
          }
        }
      }),
      { numRuns: 15 },
    )
  })
})

describe('the prices that lists are sorted and filtered by', () => {
  const HOUR = 3_600_000
  /** Far enough from the present for a slow test. */
  const start = new Date(Math.ceil(Date.now() / HOUR) * HOUR + HOUR)
  const hoursOn = (hours: number) => new Date(start.getTime() + hours * HOUR)
  const anyFurther = fc
    .record({
      ...{ code: fc.constantFrom(currency('USD'), EUR), price: fc.integer({ min: 1, max: 99 }) },
      ...{ from: fc.integer({ min: -9, max: 4 }), length: fc.integer({ min: 1, max: 12 }) },
    })
    .map(({ code, price, from, length }) =>
      further({ currency: code, price, startsAt: hoursOn(from), endsAt: hoursOn(from + length) }),
    )
  const anyPrices = fc.array(anyFurther, { maxLength: 3 })

  async function listedAt(id: number, code: string, now: Date): Promise<number[][]> {
    const { rows } = await database()
      .as('catalog')
      .execute<Interval>(sql`
        select * from catalog.product_prices
        where product_id = ${id} and currency = ${code} and valid_from <= ${now.toISOString()}::timestamptz
          and ${now.toISOString()}::timestamptz < valid_to`)
    return rows.map(({ min_amount, max_amount }) => [Number(min_amount), Number(max_amount)])
  }

  it('are those of every later moment, however often they are changed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyPrices, { minLength: 1, maxLength: 3 }), async (lists) => {
        let product = await addVariants([aVariant({ price: 50, prices: lists[0] ?? [] })])
        for (const [index, prices] of lists.entries()) {
          const changed = product.variants.map((variant) => ({ ...variant, price: 50 + index, prices }))
          const saved = await products().tryWrite({ decidedFrom: product, variants: { changed }, updatedAt: later(1) })
          if (!saved.ok || saved.value === undefined) throw new Error('Not saved')
          product = saved.value.product
        }
        const [variant] = product.variants
        if (variant === undefined) throw new Error('No variant')
        for (const moment of [-0.5, 0, 1, 2, 3, 6, 11, 100].map(hoursOn)) {
          for (const code of ['USD', 'EUR'].map(currency)) {
            const price = priceAt(variant, code, moment)?.price
            expect(await listedAt(product.id, code, moment)).toEqual(price === undefined ? [] : [[price, price]])
          }
        }
      }),
      { numRuns: 15 },
    )
  })

  it('list a product in each currency in which it is sold now, and no other', async () => {
    const sale = { startsAt: hoursOn(-9), endsAt: hoursOn(9) }
    const sold = await addVariants([aVariant({ prices: [further({ currency: JPY, ...sale })] })])
    await addVariants([aVariant({ prices: [further({ currency: JPY, ...sale, startsAt: hoursOn(1) })] })])
    const found = await listProducts({ filters: { currency: JPY, price: { max: 900 } }, order: 'price', limit: 100 })
    expect(found.map(({ id }) => id)).toContain(sold.id)
    expect(found.every(({ variants }) => variants.some((one) => priceAt(one, JPY, new Date()) !== undefined))).toBe(
      true,
    )
  })
})
