import type { Db } from '@shop/db'
import { type SQL, sql } from 'drizzle-orm'
import type { NewOrder, Order, OrderEvent } from '../domain/order.ts'
import { attachKey, type Claim } from './idempotency-keys.ts'

/**
 * Writes a new order, its lines, its first event and, where there is one, its idempotency key: one statement, all or
 * nothing.
 *
 * The statement is a list of common table expressions, to which other slices' repositories can add. `placed` writes the
 * order, if `may_place` returns a row, and returns its id; every other part reads `placed`. Postgres runs all parts whatever
 * the others return, so a part that refuses the order has to violate a constraint, which undoes the others.
 *
 * @returns false when another attempt took over the claim; nothing is written then
 */
export async function insertOrder(db: Db, { order, event }: NewOrder, claim: Claim | undefined): Promise<boolean> {
  const parts = [
    sql`may_place as (${claim === undefined ? sql`select 1` : attachKey(claim, order.id)})`,
    sql`placed as (${insertRow(order)})`,
    sql`lines as (${insertLines(order)})`,
    sql`event as (${insertEvent(event)})`,
  ]
  const { rows } = await db.execute(sql`with ${sql.join(parts, sql`, `)} select id from placed`)
  return rows.length === 1
}

function insertRow(order: Order): SQL {
  const placedAt = sql`${order.createdAt.toISOString()}::timestamptz`
  return sql`
    insert into orders.orders (id, user_id, email, status, payment_status, total, currency, shipping_address,
                               created_at, updated_at, expires_at)
    select ${order.id}, ${order.userId}, ${order.email}, 'pending', 'unpaid', ${order.total}::bigint, ${order.currency},
           ${JSON.stringify(order.shippingAddress)}::jsonb, ${placedAt}, ${placedAt},
           ${order.expiresAt.toISOString()}::timestamptz
    from may_place
    returning id`
}

function insertLines(order: Order): SQL {
  const lines = JSON.stringify(order.lines.map((line, position) => ({ ...line, position })))
  return sql`
    insert into orders.order_lines (order_id, position, product_id, variant_id, name, category, image_url, quantity,
                                    unit_price, total)
    select placed.id, line.position, line."productId", line."variantId", line.name, line.category, line."imageUrl",
           line.quantity, line."unitPrice", line.total
    from placed, jsonb_to_recordset(${lines}::jsonb) as line(position int, "productId" bigint, "variantId" bigint,
      name text, category text, "imageUrl" text, quantity int, "unitPrice" bigint, total bigint)`
}

const insertEvent = ({ seq, type, at, actor, data }: OrderEvent): SQL => sql`
  insert into orders.order_events (order_id, seq, type, at, actor, data)
  select id, ${seq}::int, ${type}, ${at.toISOString()}::timestamptz, ${JSON.stringify(actor)}::jsonb,
         ${JSON.stringify(data)}::jsonb
  from placed`
