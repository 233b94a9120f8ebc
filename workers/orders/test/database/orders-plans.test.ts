import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { planOf } from '@shop/testing/plans'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type OrderQuery, orderRepository } from '../../src/orders/repository/index.ts'

let database: ServiceDatabase
let admin: pg.Client

beforeAll(async () => {
  database = await startDatabase()
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  await admin.query(`
    insert into orders.orders (id, user_id, email, status, payment_status, fulfillment_status, subtotal, total, currency, created_at,
                               updated_at, expires_at)
    select 'order_' || n, 'user_' || n % 200, 'Buyer-' || n % 500 || '@Example.com',
           case when n % 400 = 0 then 'processing' else 'delivered' end,
           case when n % 300 = 0 then 'refunded' else 'paid' end,
           case when n % 400 = 0 then 'partially_fulfilled' else 'delivered' end, 100, 100, 'USD', at, at, at
    from generate_series(1, 20000) n, lateral (select '2026-11-23T10:00Z'::timestamptz + n * interval '1 s' as at) placed`)
  await admin.query(`
    insert into orders.order_lines (id, order_id, position, product_id, variant_id, sku, options, name, quantity, unit_price,
                                    subtotal, discount, tax, total)
    select 'line_' || n, 'order_' || n, 0, 1, 1, 'SKU-' || n % 1000, '{}', 'Mug', 1, 100, 100, 0, 0, 100
    from generate_series(1, 20000) n`)
  await admin.query('vacuum analyze orders.orders, orders.order_lines')
})
afterAll(async () => {
  await admin.end()
  await database.stop()
})

const of: UserId = 'user_7'
const limit = 21
const after = { sortKey: '2026-11-23T12:00:00.000Z', id: 'order_7200' }

describe('with 20,000 orders, few of them to be shipped', () => {
  it.each([
    ['the first page of all', { of: 'all', limit }, /Index Scan Backward using orders_newest/],
    ['a later page of all', { of: 'all', limit, after }, /orders_newest .*\n\s+Index Cond: \(ROW\(/],
    [
      'what is to be shipped',
      { of: 'all', limit, status: 'processing' },
      /Index Scan Backward using orders_of_status .*\n\s+Index Cond: \(status = /,
    ],
    [
      'a later page of what is to be shipped',
      { of: 'all', limit, status: 'processing', after },
      /orders_of_status .*\n\s+Index Cond: \(\(status = .* AND \(ROW\(/,
    ],
    [
      'what is partly shipped',
      { of: 'all', limit, fulfillmentStatus: 'partially_fulfilled' },
      /Index Scan Backward using orders_of_fulfillment_status .*\n\s+Index Cond: \(fulfillment_status = /,
    ],
    [
      'a later page of what was refunded',
      { of: 'all', limit, paymentStatus: 'refunded', after },
      /orders_of_payment_status .*\n\s+Index Cond: \(\(payment_status = .* AND \(ROW\(/,
    ],
    [
      'what one address ordered',
      { of: 'all', limit, email: 'buyer-7@EXAMPLE.com' },
      /Index Scan Backward using orders_of_email .*\n\s+Index Cond: \(lower\(/,
    ],
    [
      'what was ordered between two instants',
      { of: 'all', limit, createdFrom: new Date('2026-11-23T11:00Z'), createdTo: new Date('2026-11-23T12:00Z') },
      /Index Scan Backward using orders_newest .*\n\s+Index Cond: \(\(created_at >= /,
    ],
    [
      'an account’s orders, for staff',
      { of: 'all', limit, customer: of },
      /Index Scan Backward using orders_of_user .*\n\s+Index Cond: \(user_id = /,
    ],
    ['a customer’s list', { of, limit }, /Index Scan Backward using orders_of_user .*\n\s+Index Cond: \(user_id = /],
    [
      'a later page of a customer’s orders of one status',
      { of, limit, status: 'delivered', after },
      /orders_of_user .*\n\s+Index Cond: \(\(user_id = .* AND \(ROW\(/,
    ],
  ] satisfies [string, OrderQuery, RegExp][])('%s is read by its index, in its order', async (_, query, index) => {
    const plan = await planOf(admin, () => orderRepository(database.as('orders')).list(query))
    expect(plan).toMatch(index)
    expect(plan).not.toMatch(/Seq Scan on orders|Sort Key: o\./)
  })

  it.each([
    ['its number', { of: 'all', limit, number: 12_345 }, /using orders_number on orders/],
    ['the SKU of a line', { of: 'all', limit, sku: 'SKU-7' }, /order_lines_of_sku/],
  ] satisfies [string, OrderQuery, RegExp][])(
    'an order is found by %s, without reading the others',
    async (_, query, index) => {
      const plan = await planOf(admin, () => orderRepository(database.as('orders')).list(query))
      expect(plan).toMatch(index)
      expect(plan).not.toMatch(/Seq Scan on order/)
    },
  )
})
