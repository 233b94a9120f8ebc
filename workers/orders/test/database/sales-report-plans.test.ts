import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { planOf } from '@shop/testing/plans'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { SALES_GROUPS } from '../../src/reports/domain/sales.ts'
import { salesRepository } from '../../src/reports/repository.ts'

let database: ServiceDatabase
let admin: pg.Client

beforeAll(async () => {
  database = await startDatabase()
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  await admin.query(`
    insert into orders.orders (id, email, status, payment_status, payment_id, charged_amount, captured_amount, subtotal, total, currency,
                               created_at, updated_at, expires_at)
    select 'order_' || n, 'a@b.c', 'delivered', 'paid', 'pay_' || n, 100, 100, 100, 100, 'USD', at, at, at
    from generate_series(1, 20000) n, lateral (select '2026-01-01Z'::timestamptz + n * interval '25 min' as at) placed`)
  await admin.query(`
    insert into orders.order_lines (id, order_id, position, product_id, variant_id, options, name, quantity, unit_price,
                                    subtotal, discount, tax, total)
    select 'line_' || n, 'order_' || n, 0, n % 50, n % 50, '{}', 'Mug', 1, 100, 100, 0, 0, 100 from generate_series(1, 20000) n`)
  await admin.query(`
    insert into orders.money_entries (key, order_id, payment_id, kind, amount, currency, at)
    select 'captured:pay_' || n, 'order_' || n, 'pay_' || n, 'captured', 100, 'USD', o.created_at
    from generate_series(1, 20000) n join orders.orders o on o.id = 'order_' || n`)
  await admin.query(`
    insert into orders.line_refunds (refund_id, order_id, state, amount, items, shipping, restocking_fee, created_at)
    select 're_' || n, 'order_' || n, 'refunded', 100, jsonb_build_array(jsonb_build_object('lineId', 'line_' || n, 'amount', 100)),
           0, 0, o.created_at
    from generate_series(1, 20000) n join orders.orders o on o.id = 'order_' || n`)
  await admin.query(`
    insert into orders.money_entries (key, order_id, payment_id, kind, amount, currency, at)
    select 'refunded:re_' || n, 'order_' || n, 'pay_' || n, 'refunded', 100, 'USD', o.created_at
    from generate_series(1, 20000) n join orders.orders o on o.id = 'order_' || n`)
  await admin.query('vacuum analyze')
})
afterAll(async () => {
  await admin.end()
  await database.stop()
})

describe('with a year of 20,000 orders', () => {
  it.each(SALES_GROUPS)(
    'a day by %s is read by the instants of its movements, and its orders by their keys',
    async (group) => {
      const query = {
        from: '2026-06-01',
        to: '2026-06-02',
        timeZone: 'Europe/Berlin',
        group,
        after: undefined,
        limit: 101,
      }
      const plan = await planOf(admin, () => salesRepository(database.as('orders')).sumsOf(query))
      expect(plan).toMatch(/Index Scan (using|on) money_entries_at/)
      expect(plan).not.toMatch(/Seq Scan on (money_entries|orders|order_lines|line_refunds)/)
    },
  )
})
