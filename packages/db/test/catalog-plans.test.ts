import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { planOf } from '@shop/testing/plans'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Db } from '../src/client.ts'
import { listProducts, type ProductQuery, quoteProducts } from '../src/repositories/catalog/index.ts'

let database: ServiceDatabase
let db: Db
let admin: pg.Client

beforeAll(async () => {
  database = await startDatabase()
  db = database.as('catalog')
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  await admin.query(`
    with added as (
      insert into catalog.products (name, description, category, created_at, updated_at)
      select 'Bulk ' || n, 'word' || n || ' of many', 'bulk ' || n % 200, '2026-11-23T10:00Z'::timestamptz + n * interval '1 s', now()
      from generate_series(1, 20000) n
      returning id
    )
    insert into catalog.variants (product_id, price, currency, available, stock_sequence)
    select id, 100, 'USD', 1, 0 from added`)
  await admin.query('vacuum analyze catalog.products')
  await admin.query('vacuum analyze catalog.variants')
})
afterAll(async () => {
  await admin.end()
  await database.stop()
})

const middle = { createdAt: new Date('2026-11-23T12:00:00Z'), id: 7_000 }

describe('with 20,000 products', () => {
  it.each([
    ['the first page', { limit: 21 }, /Index Scan Backward using products_newest/],
    [
      'a later page',
      { limit: 21, after: middle },
      /products_newest .*\n\s+Index Cond: \(ROW\(.*created_at, .*id\) < ROW/,
    ],
    ['a category', { limit: 21, category: 'bulk 3' }, /products_category_newest/],
    [
      'a later page of a category',
      { limit: 21, category: 'bulk 3', after: middle },
      /products_category_newest .*\n\s+Index Cond: \(\(.*category = .*ROW/,
    ],
    ['a search', { limit: 21, search: 'word1234' }, /products_search/],
  ] satisfies [string, ProductQuery, RegExp][])('%s is read by its index', async (_, query, index) => {
    const plan = await planOf(admin, () => listProducts(db, query))
    expect(plan).toMatch(index)
    expect(plan).not.toContain('Seq Scan')
  })

  it('a quote is read by its index', async () => {
    const plan = await planOf(admin, () => quoteProducts(db, [5, 500, 5_000]))
    expect(plan).not.toContain('Seq Scan')
  })
})
