import type { VariantRef } from '@shop/contracts/catalog/rpc'
import { currency } from '@shop/kernel/currencies'
import { startDatabase } from '@shop/testing/database'
import { planOf, scansOf } from '@shop/testing/plans'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type ProductRepository, productRepository } from '../../src/products/repository/index.ts'
import type { ProductFilters } from '../../src/search/domain/filters.ts'
import {
  type FoundProduct,
  type ProductQuery,
  type SearchRepository,
  searchRepository,
} from '../../src/search/repository/index.ts'
import { listingRepository, variantRepository } from '../../src/stock/repository/index.ts'

let stop: () => Promise<void>
let products: ProductRepository
let search: SearchRepository
let others: { listing: ReturnType<typeof listingRepository>; variants: ReturnType<typeof variantRepository> }
let admin: pg.Client

/** Every product has the word `many`, every fifth hundred is `large`, and only the oldest are `antique`. */
const PRODUCTS = `
  with added as (
    insert into catalog.products (slug, name, description, brand, tags, attributes, created_at, updated_at)
    select 'product-' || n, case n % 5 when 0 then 'Bulk ' when 1 then 'été ' when 2 then 'Чай ' when 3 then '茶壺 ' else 'Box ' end || n,
           'word' || n || ' of many' || case when n <= 2000 then ' antique' else '' end || repeat(' and so on', n % 20),
           case when n <= 2000 then 'Old ' || n % 10 when n % 2 = 0 then 'Common' end,
           case when n % 700 = 0 then array['seldom'] when n % 3 = 0 then array['often'] else '{}' end,
           jsonb_build_object('wood', case n % 4 when 0 then 'oak' else 'pine' end),
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
  insert into catalog.variants (product_id, sku, options, price, currency, available, stock_sequence, low_stock_threshold)
  select id, 'SKU-' || id, jsonb_build_object('size', case id % 3 when 0 then 'S' else 'M' end), 100 + id, case id % 1000 when 0 then 'EUR' else 'USD' end,
         id % 100, 0, 1 from added`

const GROUPS = `
  insert into catalog.attributes (key, label, type, is_filterable, created_at, updated_at)
  values ('wood', 'Wood', 'text', true, now(), now());
  insert into catalog.collections (name, slug, kind, rule_tags, rule_currency, rule_price_max, created_at, updated_at) values
  ('By hand', 'by-hand', 'manual', null, null, null, now(), now()), ('Another', 'another', 'manual', null, null, null, now(), now()),
  ('A third', 'a-third', 'manual', null, null, null, now(), now()), ('Seldom', 'seldom', 'rule', '{seldom}', null, null, now(), now()),
  ('Cheap', 'cheap', 'rule', null, 'USD', 300, now(), now());
  insert into catalog.collection_products (collection_id, product_id, position)
  select collection.id, n * 7, n from catalog.collections collection, generate_series(1, 3000) n where kind = 'manual';
  insert into catalog.product_slugs (slug, product_id) select 'earlier-' || id, id from catalog.products`

/** As the triggers would write it, once for all. */
const SEARCHED = `
  select catalog.refresh_search(array(select id from catalog.products)),
         catalog.refresh_prices(array(select id from catalog.products)),
         catalog.refresh_sales(array(select id from catalog.products))`

beforeAll(async () => {
  const database = await startDatabase()
  stop = database.stop
  const db = database.as('catalog')
  products = productRepository(db)
  search = searchRepository(db, currency('USD'))
  others = { listing: listingRepository(db), variants: variantRepository(db) }
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  await admin.query('set session_replication_role = replica')
  await admin.query(PRODUCTS)
  await admin.query(GROUPS)
  await admin.query('set session_replication_role = origin')
  await admin.query(SEARCHED)
  await admin.query('vacuum analyze')
}, 240_000)
afterAll(async () => {
  await admin.end()
  await stop()
})

const middle = { key: '2026-11-23T18:00:00Z', id: 28_800 }
const oldest = { key: '2026-11-23T10:00:01Z', id: 1 }

type Asked = Partial<Omit<ProductQuery, 'filters'>> & ProductFilters
const toQuery = ({
  order = 'newest',
  limit = 21,
  status,
  after,
  withFacets,
  withTotal,
  ...filters
}: Asked): ProductQuery => ({
  ...{ filters, order, limit, status, after, withFacets, withTotal },
})
const list = async (asked: Asked) => (await search.list(toQuery(asked))).products
const idsOf = async (asked: Asked) => (await list(asked)).map(({ id }) => id)
const option = [{ name: 'size', values: ['S'] }]
const attributes = [{ name: 'wood', values: ['oak'] }]
const at = '2026-11-23T18:00:00.000001Z'

/** Small tables, of which Postgres reads all: a look-up by index would cost more. */
const SMALL = /Seq Scan on (?:attributes|categories|collections|search_settings)/g

describe('with 60,000 products', () => {
  it.each([
    ['the first page', {}, /Index (?:Only )?Scan Backward using product_search_newest/],
    ['a later page', { after: middle }, /product_search_newest .*\n\s+Index Cond: \(ROW\(.*created_at, .*id\) < ROW/],
    ['a category', { category: 'bulk 3' }, /product_categories_newest/],
    [
      'a later page of a category',
      { category: 'bulk 3', after: middle },
      /product_categories_newest .*\n\s+Index Cond: \(\(category_id = .*ROW/,
    ],
    ['a search', { search: 'word1234' }, /Bitmap Index Scan on product_search_found/],
    ['a search by relevance', { search: 'word1234', order: 'relevance' }, /product_search_found/],
    ['a search by one letter', { search: 'b' }, /product_search_found/],
    ['a search by two letters', { search: 'Bu' }, /product_search_found/],
    ['the cheapest', { order: 'price' }, /Index Scan using product_prices_amount/],
    [
      'a later page of the dearest',
      { order: '-price', after: { key: '900', id: 3, at } },
      /Index Scan Backward using product_prices_amount/,
    ],
    ['the first by name', { order: 'name' }, /Index (?:Only )?Scan using product_search_name/],
    [
      'a later page by name',
      { order: 'name', after: { key: 'bulk 5', id: 3 } },
      /product_search_name .*\n\s+Index Cond: \(ROW/,
    ],
    ['the best selling', { order: 'best_selling' }, /Index (?:Only )?Scan Backward using product_sales_sold/],
    [
      'a later page of the best selling',
      { order: 'best_selling', after: { key: '4', id: 3 } },
      /product_sales_sold .*\n\s+Index Cond: \(ROW/,
    ],
    ['the best selling of a brand', { brands: ['Old 3'], order: 'best_selling' }, /product_search_found/],
    ['the first drafts', { status: 'draft' }, /product_search_unlisted/],
    [
      'later archived products',
      { status: 'archived', after: middle },
      /product_search_unlisted .*\n\s+Index Cond: \(\(status = .*ROW/,
    ],
    ['a brand', { brands: ['Old 3'] }, /product_search_found/],
    ['a tag, an option and an attribute', { tags: ['seldom'], options: option, attributes }, /product_search_found/],
    ['a category in stock, by price', { category: 'bulk 3', isInStock: true, order: 'price' }, /product_search_found/],
    ['a range of prices', { price: { min: 200, max: 300 } }, /product_prices_amount/],
    ['a rare currency', { currency: currency('EUR') }, /product_prices_amount/],
    ['a manual collection', { collection: 'by-hand', order: 'by_hand' }, /collection_products_order/],
    ['a collection with a rule', { collection: 'seldom', order: 'by_hand' }, /product_search_found/],
    ['a collection of what is cheap, by name', { collection: 'cheap', order: 'name' }, /product_prices_amount/],
    [
      'everything at once',
      {
        search: 'bulk',
        category: 'large',
        brands: ['Common'],
        tags: ['often'],
        price: { max: 9_000 },
        isInStock: true,
        options: option,
        attributes,
        order: 'price',
      },
      /product_search_found/,
    ],
    [
      'a search with facets',
      { search: 'antique', brands: ['Old 3'], options: option, withFacets: true },
      /product_search_found/,
    ],
    ['facets of all', { withFacets: true, withTotal: true }, /product_search_newest/],
    [
      'facets of a range of prices',
      { price: { max: 300 }, category: 'bulk 3', withFacets: true },
      /product_prices_amount/,
    ],
  ] satisfies [string, Asked, RegExp][])('%s is read by its index', async (_, query, index) => {
    const plan = await planOf(admin, () => search.list(toQuery(query)))
    expect(plan).toMatch(index)
    expect(plan.replace(SMALL, '')).not.toContain('Seq Scan')
  })

  it.each(['b', 'bu', 'bulk 1', 'large', 'old'])('suggestions for %s are read by indexes', async (text) => {
    const plan = await planOf(admin, () => search.suggest(text, { limit: 5 }))
    expect(plan).toMatch(/product_search_found[\s\S]*categories_words[\s\S]*product_search_brand/)
    expect(plan).not.toContain('Seq Scan')
  })

  it.each([
    ['a product', () => products.find(5)],
    ['a product by its slug', () => products.findBySlug('product-5', { isForSale: true })],
    ['a variant by its SKU', () => products.findBySku('SKU-5', { isForSale: true })],
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
        // Of collections there are a handful here, so their table is read as a whole.
        expect(plan).not.toMatch(/Seq Scan on (?!collections )/)
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
    ...[
      'x'.repeat(200),
      'many '.repeat(40),
      'on and so '.repeat(20),
      '-many',
      '!many',
      'many | !box',
      'not many or box',
    ],
    ...['"'.repeat(200), '-'.repeat(200), '&|!<->():*'.repeat(20), 'many:* & !box', '<2>', 'word1 '.repeat(33)],
  ])('a search for %j visits few of them, in any category and on any page', async (text) => {
    const largest = { category: 'large', rows: 15_000 }
    const others = [{}, { category: 'bulk 3' }, { after: middle }, { category: 'large', after: oldest }]
    for (const { rows, ...query } of [largest, ...others.map((other) => ({ ...other, rows: 3_000 }))]) {
      const scans = await scansOf(admin, 'product_search', () => list({ search: text, ...query }))
      expect(scans.kinds).not.toContain('Seq Scan')
      expect(scans.rows).toBeLessThan(rows)
    }
  })

  it('a common word is found, newest first', async () => {
    expect(await idsOf({ search: 'MANY', limit: 3 })).toEqual([60_000, 59_999, 59_998])
    expect(await idsOf({ search: 'many', limit: 3, after: middle })).toEqual([28_799, 28_798, 28_797])
  })

  it('a rare word is found among the oldest, page by page without gaps or repeats', async () => {
    const seen: number[] = []
    let page: FoundProduct[] = await list({ search: 'antique', limit: 450 })
    for (; page.length > 0; page = await list({ search: 'antique', limit: 450, after: page.at(-1)?.position })) {
      seen.push(...page.map(({ id }) => id))
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
    for (const text of ['%', '_', '%%', '---', '☕']) expect(await idsOf({ search: text, limit: 1 })).toEqual([])
  })

  it('words are found in any order, and symbols only separate them', async () => {
    expect(await idsOf({ search: 'many 59920 bulk', limit: 2 })).toEqual([59_920])
    expect(await idsOf({ search: '%many%', limit: 1 })).toEqual([60_000])
  })

  it('counts are exact up to 10,000 products, and approximate above', async () => {
    const { facets, total } = await search.list(toQuery({ search: 'antique', withFacets: true, withTotal: true }))
    expect([total, facets?.isApproximate]).toEqual([{ count: 2_000, isExact: true }, false])
    expect(facets?.brands.find(({ value }) => value === 'Old 3')).toEqual({ value: 'Old 3', count: 200 })
    const all = await search.list(toQuery({ search: 'many', withFacets: true, withTotal: true }))
    expect([all.total, all.facets?.isApproximate]).toEqual([{ count: 10_000, isExact: false }, true])
  })
})
