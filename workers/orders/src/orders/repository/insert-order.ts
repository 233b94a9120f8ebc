import { ask, type Db } from '@shop/db/client'
import type { KeyClaim } from '@shop/db/idempotency-keys'
import { statement } from '@shop/db/statement'
import { type SQL, sql } from 'drizzle-orm'
import { orderEventCtes } from '../../events/repository.ts'
import type { OrderChange } from '../domain/order.ts'
import { attachOrder } from './idempotency-keys.ts'

const p = (name: string) => sql.placeholder(name)

const insertOrderRow = sql`
  insert into orders.orders (id, user_id, email, status, payment_status, total, currency, shipping_address,
                             created_at, updated_at, expires_at)
  select ${p('id')}, ${p('userId')}, ${p('email')}, 'pending', 'unpaid', ${p('total')}::bigint, ${p('currency')},
         ${p('shippingAddress')}::jsonb, ${p('placedAt')}::timestamptz, ${p('placedAt')}::timestamptz,
         ${p('expiresAt')}::timestamptz
  from may_place
  returning *`

const insertLines = sql`
  insert into orders.order_lines (order_id, position, product_id, variant_id, name, category, image_url, quantity,
                                  unit_price, total)
  select placed.id, line.position, line."productId", line."variantId", line.name, line.category, line."imageUrl",
         line.quantity, line."unitPrice", line.total
  from placed, jsonb_to_recordset(${p('lines')}::jsonb) as line(position int, "productId" bigint, "variantId" bigint,
    name text, category text, "imageUrl" text, quantity int, "unitPrice" bigint, total bigint)`

const insertHistory = sql`
  insert into orders.order_events (order_id, seq, type, at, actor, data)
  select id, version, 'placed', created_at, ${p('actor')}::jsonb, ${p('data')}::jsonb from placed`

/**
 * The statement is a list of common table expressions, to which repositories of other slices can add theirs. `placed` writes
 * the order if `may_place` returns a row, and returns its whole row; every other part reads `placed`. Postgres runs all
 * parts whatever the others return, so a part that refuses the order has to violate a constraint, which undoes them all.
 */
const insertStatement = (mayPlace: SQL) =>
  statement(() => {
    const parts = [
      sql`may_place as (${mayPlace})`,
      sql`placed as (${insertOrderRow})`,
      sql`lines as (${insertLines})`,
      sql`history as (${insertHistory})`,
      orderEventCtes(sql`placed`, 'placed'),
    ]
    return sql`with ${sql.join(parts, sql`, `)} select id from placed`
  })

const insertWithoutKey = insertStatement(sql`select 1`)
const insertWithKey = insertStatement(attachOrder(sql`${p('id')}`))

/**
 * Writes a new order, its lines, its history, its event and, where there is one, its idempotency key: one statement, all or
 * nothing.
 *
 * @returns false when another attempt took over the claim; nothing is written then
 */
export async function insertOrder(
  db: Db,
  { order, event }: OrderChange,
  claim: KeyClaim | undefined,
): Promise<boolean> {
  const values = {
    id: order.id,
    userId: order.userId,
    email: order.email,
    total: order.total,
    currency: order.currency,
    shippingAddress: JSON.stringify(order.shippingAddress),
    placedAt: order.createdAt.toISOString(),
    expiresAt: order.expiresAt.toISOString(),
    lines: JSON.stringify(order.lines.map((line, position) => ({ ...line, position }))),
    actor: JSON.stringify(event.actor),
    data: JSON.stringify(event.data),
  }
  const rows = await ask(db, claim === undefined ? insertWithoutKey(values) : insertWithKey({ ...values, ...claim }))
  return rows.length === 1
}
