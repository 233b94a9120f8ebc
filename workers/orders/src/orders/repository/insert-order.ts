import { ask, type Db } from '@shop/db/client'
import type { KeyClaim } from '@shop/db/idempotency-keys'
import { statement } from '@shop/db/statement'
import { type SQL, sql } from 'drizzle-orm'
import type { BrokenCap, BuyerCounter } from '../../buyers/domain/caps.ts'
import { brokenCap, countCte, countValues } from '../../buyers/repository.ts'
import { orderEventCtes, paidByPlacingCtes } from '../../events/repository.ts'
import { type NewOrder, unitsOf } from '../domain/order.ts'
import { attachOrder } from './idempotency-keys.ts'

const p = (name: string) => sql.placeholder(name)

const insertOrderRow = sql`
  insert into orders.orders (id, user_id, email, status, payment_status, total, currency, shipping_address,
                             created_at, updated_at, expires_at, version, counted_in, counted_units)
  select ${p('id')}, ${p('userId')}, ${p('email')}, ${p('status')}, ${p('paymentStatus')}, ${p('total')}::bigint,
         ${p('currency')}, ${p('shippingAddress')}::jsonb, ${p('placedAt')}::timestamptz, ${p('placedAt')}::timestamptz,
         ${p('expiresAt')}::timestamptz, ${p('version')}::int, counters.keys,
         case when cardinality(counters.keys) = 0 then 0 else ${p('units')}::int end
  from may_place, (select coalesce(array_agg(key), '{}') as keys from counted) counters
  returning *`

const insertLines = sql`
  insert into orders.order_lines (id, order_id, position, product_id, variant_id, sku, options, name, category, image_url,
                                  quantity, unit_price, total)
  select line.id, placed.id, line.position, line."productId", line."variantId", line.sku, line.options, line.name,
         line.category, line."imageUrl", line.quantity, line."unitPrice", line.total
  from placed, jsonb_to_recordset(${p('lines')}::jsonb) as line(id text, position int, "productId" bigint,
    "variantId" bigint, sku text, options jsonb, name text, category text, "imageUrl" text, quantity int,
    "unitPrice" bigint, total bigint)`

const insertHistory = sql`
  insert into orders.order_events (order_id, seq, type, at, actor, data)
  select placed.id, event.seq, event.type, placed.created_at, event.actor, event.data
  from placed, jsonb_to_recordset(${p('events')}::jsonb) as event(seq int, type text, actor jsonb, data jsonb)`

/**
 * The statement is a list of common table expressions, to which repositories of other slices can add theirs. `counted`
 * counts the order for its buyer, and `placed` writes it, if `may_place` returns a row; `placed` returns its whole row, which
 * every other part reads. Postgres runs all parts whatever the others return, so a part that refuses the order has to
 * violate a constraint, which undoes them all.
 */
const insertStatement = (mayPlace: SQL, events: SQL) =>
  statement(() => {
    const parts = [
      sql`may_place as (${mayPlace})`,
      countCte(sql`may_place`),
      sql`placed as (${insertOrderRow})`,
      sql`lines as (${insertLines})`,
      sql`history as (${insertHistory})`,
      events,
    ]
    return sql`with ${sql.join(parts, sql`, `)} select id from placed`
  })

const WITHOUT_KEY = sql`select 1`
const WITH_KEY = attachOrder(sql`${p('id')}`)
const PLACED = orderEventCtes(sql`placed`, 'placed')
const PLACED_AND_PAID = paidByPlacingCtes(sql`placed`)

const STATEMENTS = {
  pending: { withoutKey: insertStatement(WITHOUT_KEY, PLACED), withKey: insertStatement(WITH_KEY, PLACED) },
  paid: {
    withoutKey: insertStatement(WITHOUT_KEY, PLACED_AND_PAID),
    withKey: insertStatement(WITH_KEY, PLACED_AND_PAID),
  },
}

/** The parts of a new order beside the order itself: where it counts as unpaid, and the key that led to it. */
export type Placement = { counters: BuyerCounter[]; claim?: KeyClaim | undefined }

/** `taken_over`: another attempt has the claim. Or the cap that the order would break. */
export type Inserted = 'inserted' | 'taken_over' | BrokenCap

/**
 * Writes a new order, its lines, its history, its events, its counters and, where there is one, its idempotency key: one
 * statement, all or nothing.
 */
export async function insertOrder(
  db: Db,
  { order, events }: NewOrder,
  { counters, claim }: Placement,
): Promise<Inserted> {
  const values = {
    id: order.id,
    userId: order.userId,
    email: order.email,
    status: order.status,
    paymentStatus: order.paymentStatus,
    version: order.version,
    total: order.total,
    currency: order.currency,
    shippingAddress: JSON.stringify(order.shippingAddress),
    placedAt: order.createdAt.toISOString(),
    expiresAt: order.expiresAt.toISOString(),
    lines: JSON.stringify(order.lines.map((line, position) => ({ ...line, position }))),
    events: JSON.stringify(events),
    // A paid order holds nothing.
    ...countValues(order.status === 'pending' ? counters : [], unitsOf(order.lines), order.createdAt),
  }
  const { withoutKey, withKey } = STATEMENTS[order.status === 'pending' ? 'pending' : 'paid']
  try {
    const rows = await ask(db, claim === undefined ? withoutKey(values) : withKey({ ...values, ...claim }))
    return rows.length === 1 ? 'inserted' : 'taken_over'
  } catch (error) {
    const cap = brokenCap(error)
    if (cap === undefined) throw error
    return cap
  }
}
