import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { planOf } from '@shop/testing/plans'
import pg from 'pg'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { cancelUnpaid, placeWithUses } from './place-with-uses.ts'

let database: ServiceDatabase
let admin: pg.Client

beforeAll(async () => {
  database = await startDatabase()
  admin = new pg.Client({ connectionString: database.adminUrl })
  await admin.connect()
  await admin.query(`
    insert into orders.promotions (id, name, code, type, applies_to, conditions, usage_limit, priority, stackable, created_at,
                                   updated_at)
    select 'promo_' || n, 'Sale', 'C' || n, 'free_shipping', '{}', '{}', 9, 0, true, now(), now()
    from generate_series(1, 2000) n`)
  await admin.query(`
    insert into orders.promotion_codes (code, promotion_id, batch_id, position, created_at)
    select 'S' || n, 'promo_' || n % 2000 + 1, 'batch_1', n, now() from generate_series(1, 40000) n`)
  await admin.query(`
    insert into orders.orders (id, customer_key, email, status, payment_status, subtotal, total, currency, created_at, updated_at,
                               expires_at)
    select 'order_' || n, 'email:' || n, 'a@b.c', 'delivered', 'paid', 100, 100, 'USD', now(), now(), now()
    from generate_series(1, 20000) n`)
  await admin.query(`
    insert into orders.promotion_uses (order_id, promotion_id, customer_key, code, is_single_use, amount, currency, created_at)
    select 'order_' || n, 'promo_' || n % 2000 + 1, 'email:' || n, 'S' || n, true, 1, 'USD', now()
    from generate_series(1, 20000) n`)
  await admin.query(`
    insert into orders.promotion_counters (promotion_id, customer_key, uses, amount, updated_at)
    select promotion_id, customer_key, 1, 0, now() from orders.promotion_uses`)
  await admin.query('vacuum analyze')
})
afterAll(async () => {
  await admin.end()
  await database.stop()
})

const uses = [
  { promotionId: 'promo_7', code: 'S30006', amount: 1 },
  { promotionId: 'promo_8', code: null, amount: 1 },
]

describe('with 40,000 codes and 20,000 uses', () => {
  it('an order claims its uses by keys', async () => {
    const plan = await planOf(admin, () => placeWithUses(database.as('orders'), { uses }))
    expect(plan).not.toMatch(/Seq Scan on promotion/)
  })

  it('a cancelled order gives them back by keys', async () => {
    const db = database.as('orders')
    const placed = await placeWithUses(db, { uses: [{ promotionId: 'promo_9', code: 'S30008', amount: 1 }] })
    if (!('id' in placed)) throw new Error(placed.reason)
    const plan = await planOf(admin, () => cancelUnpaid(db, [placed.id]))
    expect(plan).not.toMatch(/Seq Scan on promotion/)
  })
})
