import type { VariantRef } from '@shop/contracts/catalog/rpc'
import { startDatabase } from '@shop/testing/database'
import { planOf, scansOf } from '@shop/testing/plans'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ProductQuery, type ProductRepository, productRepository } from '../../src/products/repository/index.ts'
import { listingRepository, variantRepository } from '../../src/stock/repository/index.ts'

let stop: () => Promise<void>
let products: ProductRepository
let others: { listing: ReturnType<typeof listingRepository>; variants: ReturnType<typeof variantRepository> }
let admin: pg.Client

/** Every product has the word `many`, every fifth hundred is `large`, and only the oldest are `antique`. */
const PRODUCTS = `
  with added as (
    insert into catalog.products (slug, name, description, created_at, updated_at)
    select 'product-' || n, case n % 5 when 0 then 'Bulk ' when 1 then 'été ' when 2 then 'Чай ' when 3 then '茶壺 ' else 'Box ' end || n,
           'word' || n || ' of many' || case when n <= 2000 then ' antique' else '' end || repeat(' and so on', n % 20),
           '2026-11-23T10:00Z'::timestamptz + n * interval '1 s', now()
    from generate_series(1, 60000) n
    returning id, created_at
  ),
  groups as (
    insert into catalog.categories (id, name, name_key, slug, position, path, created_at, updated_at)
    select id, name, name, replace(name, ' ', '-'), id, array[id], now(), now()
    from (select nextval('catalog.categories_id_seq') as id, name from (
      select 'large' as name union all select 'bulk ' || n from generate_series(0, 1999) n) named) numbered
    returning id, name
  ),
  listed as (
    insert into catalog.product_categories (product_id, category_id, position, created_at)
    select added.id, groups.id, 0, added.created_at from added
    join groups on groups.name = case when added.id % 5 = 0 then 'large' else 'bulk ' || added.id % 200 end
  )
  insert into catalog.variants (product_id, sku, price, currency, available, stock_sequence, low_stock_threshold)
  select id, 'SKU-' || id, 100, 'USD', id % 100, 0, 1 from added`

beforeAll(async () => {
  const database = await startDatabase()
  stop = database.stop
  const db = database.as('catalog')
  products = productRepository(db)
  others = { listing: listingRepository(db), variants: variantRepository(db) }
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  await admin.query(PRODUCTS)
  await admin.query('vacuum analyze catalog.products')
  await admin.query('vacuum analyze catalog.variants, catalog.categories, catalog.product_categories')
})
afterAll(async () => {
  await admin.end()
  await stop()
})

const middle = { createdAt: new Date('2026-11-23T18:00:00Z'), id: 28_800 }
const oldest = { createdAt: new Date('2026-11-23T10:00:01Z'), id: 1 }

describe('with 60,000 products', () => {
  it.each([
    ['the first page', { limit: 21 }, /Index Scan Backward using products_newest/],
    [
      'a later page',
      { limit: 21, after: middle },
      /products_newest .*\n\s+Index Cond: \(ROW\(.*created_at, .*id\) < ROW/,
    ],
    ['a category', { limit: 21, category: 'bulk 3' }, /product_categories_newest/],
    [
      'a later page of a category',
      { limit: 21, category: 'bulk 3', after: middle },
      /product_categories_newest .*\n\s+Index Cond: \(\(category_id = .*ROW/,
    ],
    ['a search', { limit: 21, search: 'word1234' }, /products_search/],
    ['a search by one letter', { limit: 21, search: 'b' }, /Index Scan Backward using products_initial /],
    ['a search by two letters', { limit: 21, search: 'Bu' }, /Index Scan Backward using products_initials/],
  ] satisfies [string, ProductQuery, RegExp][])('%s is read by its index', async (_, query, index) => {
    const plan = await planOf(admin, () => products.list(query))
    expect(plan).toMatch(index)
    expect(plan).not.toContain('Seq Scan')
  })

  it.each([
    ['a product', () => products.find(5)],
    ['a product by its slug', () => products.findBySlug('product-5', { isForSale: true })],
    ['a variant by its SKU', () => products.findBySku('SKU-5', { isForSale: true })],
    ['the first drafts', () => products.list({ status: 'draft', limit: 21 })],
    ['later archived products', () => products.list({ status: 'archived', after: middle, limit: 21 })],
    ['a page of all stock', () => others.listing.list({ after: 30_000, limit: 101 })],
    [
      'a page of low stock',
      () => others.listing.listLow({ after: { productId: 30_000, variantId: 30_000 }, limit: 21 }),
    ],
    ['a variant', () => others.variants.find(5)],
    ['the variants of a product', () => others.variants.findOfProduct(5)],
    ['some terms', () => others.variants.terms([5, 500])],
  ])('%s is read by its index', async (_, run) => {
    expect(await planOf(admin, run)).not.toContain('Seq Scan')
  })

  it.each([
    ['by the id of a variant', { variantId: 5 }, /Index Scan using variants_pkey/],
    ['by SKU', { sku: 'SKU-500' }, /Index Scan using variants_sku/],
    ['by product', { productId: 5_000 }, /variants_of_product/],
  ] satisfies [string, VariantRef, RegExp][])(
    'a quote %s is read by its index, however many it has',
    async (_, ref, index) => {
      for (const refs of [[ref], Array.from({ length: 100 }, () => ref)]) {
        const plan = await planOf(admin, () => products.quote(refs))
        expect(plan).toMatch(index)
        expect(plan).not.toContain('Seq Scan')
      }
    },
  )

  it.each([
    ...['b', 'É', 'ч', 'q', '1', '%', '_', '\\', '☕', '\u200f', ' '],
    ...[
      'bu',
      'ча',
      '茶壺',
      '%%',
      '\\\\',
      '👩‍🍳',
      'x1',
      'c++',
      'a b c',
      '%_%_%',
      '☕☕☕',
      '%'.repeat(200),
      ' '.repeat(200),
    ],
    ...[
      'many',
      'antique',
      'word12345',
      'zzz',
      '4k tv',
      '-b-',
      'чай',
      'היו',
      'شاي',
      'été 16',
      '%many%',
      'm_ny',
      'many\\',
    ],
    ...['x'.repeat(200), 'many '.repeat(40), 'on and so '.repeat(20)],
  ])('a search for %j visits few of them, in any category and on any page', async (search) => {
    const largest = { category: 'large', rows: 15_000 }
    const others = [{}, { category: 'bulk 3' }, { after: middle }, { category: 'large', after: oldest }]
    for (const { rows, ...query } of [largest, ...others.map((other) => ({ ...other, rows: 3_000 }))]) {
      const scans = await scansOf(admin, 'products', () => products.list({ limit: 21, search, ...query }))
      expect(scans.kinds).not.toContain('Seq Scan')
      expect(scans.rows).toBeLessThan(rows)
    }
  })

  const idsOf = async (query: ProductQuery) => (await products.list(query)).map(({ id }) => id)

  it('a common word is found, newest first', async () => {
    expect(await idsOf({ search: 'MANY', limit: 3 })).toEqual([60_000, 59_999, 59_998])
    expect(await idsOf({ search: 'many', limit: 3, after: middle })).toEqual([28_799, 28_798, 28_797])
  })

  it('a rare word is found among the oldest, page by page without gaps or repeats', async () => {
    const seen: number[] = []
    for (let page = await products.list({ search: 'antique', limit: 450 }); page.length > 0; ) {
      seen.push(...page.map(({ id }) => id))
      page = await products.list({ search: 'antique', limit: 450, after: page.at(-1) })
    }
    expect(seen).toEqual(Array.from({ length: 2_000 }, (_, n) => 2_000 - n))
    expect(await idsOf({ search: 'word12345', limit: 9 })).toEqual([12_345])
    expect(await idsOf({ search: 'antique', category: 'large', limit: 2 })).toEqual([2_000, 1_995])
  })

  it('one or two letters find the names that begin with them', async () => {
    expect(await idsOf({ search: 'b', limit: 3 })).toEqual([60_000, 59_999, 59_995])
    expect(await idsOf({ search: 'BO', limit: 2, after: middle })).toEqual([28_799, 28_794])
    expect(await idsOf({ search: 'É', limit: 1 })).toEqual([59_996])
    expect(await idsOf({ search: 'bu', category: 'bulk 3', limit: 1 })).toEqual([])
  })

  it('symbols find names that begin with them, and no others', async () => {
    for (const search of ['%', '_', '%%', '---', '☕']) expect(await idsOf({ search, limit: 1 })).toEqual([])
  })

  it('a text of common words is found among the newest', async () => {
    expect(await idsOf({ search: '20 of many', limit: 1 })).toEqual([59_920])
    expect(await idsOf({ search: '%many%', limit: 1 })).toEqual([])
  })
})
