import { describe, expect, it } from 'vitest'
import { newProduct } from '../../workers/catalog/src/products/domain/new-product.ts'
import { DEMO_CURRENCY, DEMO_LOCALES, DEMO_PRODUCTS } from './products.ts'
import { ATTRIBUTES, RANGE } from './range.ts'
import { seed } from './seed.ts'

const urls = {
  usersUrl: 'postgres://users_service@db/shop',
  catalogUrl: 'postgres://catalog_service@db/shop',
  ordersUrl: 'postgres://orders_service@db/shop',
}

describe('the demo shop', () => {
  it.each([
    ['production', 'http://127.0.0.1:9541/sql'],
    ['development', 'https://api.eu-central-1.aws.neon.tech/sql'],
    ['', 'http://127.0.0.1:9541/sql'],
  ])('is refused in %j at %s, because its passwords are public', async (environment, neonEndpoint) => {
    await expect(seed({ environment, neonEndpoint, ...urls })).rejects.toThrow('local development database')
  })

  it('has at least 60 products in 8 categories, all with a price and stock', () => {
    const products = Object.values(DEMO_PRODUCTS).flat()
    expect(Object.keys(DEMO_PRODUCTS)).toHaveLength(8)
    expect(products.length).toBeGreaterThanOrEqual(60)
    expect(products.every(([, price, stock]) => price > 0 && stock > 0)).toBe(true)
    expect(new Set(products.map(([name]) => name)).size).toBe(products.length)
  })

  it('has more than 200 products with the range, whose products are valid and differ in name and SKU', () => {
    const now = new Date()
    const declared = ATTRIBUTES.map((attribute, id) => ({
      ...attribute,
      id,
      createdAt: now,
      updatedAt: now,
      version: 1,
    }))
    const names = Object.values(DEMO_PRODUCTS).flatMap((group) => group.map(([name]) => name))
    expect(names.length + RANGE.length).toBeGreaterThan(200)
    for (const { draft } of RANGE)
      expect(newProduct(draft, { declared, defaultCurrency: DEMO_CURRENCY, locales: DEMO_LOCALES })).toMatchObject({
        ok: true,
      })
    const all = [...names, ...RANGE.map(({ draft }) => draft.name)]
    expect(new Set(all).size).toBe(all.length)
    const skus = RANGE.flatMap(({ draft }) => draft.variants?.map(({ sku }) => sku) ?? [])
    expect(new Set(skus).size).toBe(skus.length)
    const isSoldInEuros = RANGE.map(({ draft }) => draft.variants?.every(({ prices = [] }) => prices.length === 1))
    expect(new Set(isSoldInEuros)).toEqual(new Set([true, false]))
  })
})
