import type { IdempotencyKey, Order, OrderId } from '@shop/contracts'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { idempotencyKeys, orderLines, orders } from '../../schema/orders.ts'
import { selectOrders, toOrder } from './rows.ts'

/** What a key says: this caller may go on, somebody is at it, another request has used it, or it has its answer. */
export type KeyClaim = 'claimed' | 'in_flight' | 'other_request' | Order

export type Claim = IdempotencyKey & { claim: string }

/**
 * Takes a key for one attempt, or tells what became of it. One trip.
 *
 * Insert and read are two statements of one transaction, because a statement does not see a row that was committed
 * after it began, though it conflicts with it.
 *
 * @param claim.claim names this attempt; only it can attach an order to the key
 * @param times.claimedUntil after this an attempt that has attached no order may be taken over
 */
export async function claimKey(db: Db, claim: Claim, times: { now: Date; claimedUntil: Date }): Promise<KeyClaim> {
  const isKey = and(eq(idempotencyKeys.scope, claim.scope), eq(idempotencyKeys.key, claim.key))
  const insert = db
    .insert(idempotencyKeys)
    .values({ ...claim, createdAt: times.now, claimedUntil: times.claimedUntil })
    .onConflictDoUpdate({
      target: [idempotencyKeys.scope, idempotencyKeys.key],
      set: { claim: claim.claim, claimedUntil: times.claimedUntil },
      setWhere: sql`${idempotencyKeys.orderId} is null and ${idempotencyKeys.claimedUntil} < ${times.now.toISOString()}::timestamptz
        and ${idempotencyKeys.requestHash} = ${claim.requestHash}`,
    })
    .returning({ claim: idempotencyKeys.claim })
  const readKey = db.select().from(idempotencyKeys).where(isKey)
  const orderOfKey = db.select({ orderId: idempotencyKeys.orderId }).from(idempotencyKeys).where(isKey)
  const readOrder = selectOrders(db).where(eq(orders.id, orderOfKey))
  const [claimed, [known], [placed]] = await db.batch([insert, readKey, readOrder])
  if (claimed.length === 1) return 'claimed'
  if (known === undefined) return 'in_flight'
  if (known.requestHash !== claim.requestHash) return 'other_request'
  return placed === undefined ? 'in_flight' : toOrder(placed)
}

/** Forgets a claim that came to nothing, so that the retry of a refused request runs afresh. */
export async function dropClaim(db: Db, claim: Claim): Promise<void> {
  await db
    .delete(idempotencyKeys)
    .where(
      and(
        eq(idempotencyKeys.scope, claim.scope),
        eq(idempotencyKeys.key, claim.key),
        eq(idempotencyKeys.claim, claim.claim),
        isNull(idempotencyKeys.orderId),
      ),
    )
}

/**
 * Writes a new order, its lines and, where there is one, its idempotency key: one statement, all or nothing.
 *
 * @returns false when the claim was taken over by another attempt; nothing is written then
 */
export async function insertOrder(db: Db, order: Order, claim: Claim | undefined): Promise<boolean> {
  const mayPlace = claim === undefined ? sql`select 1` : attachOrder(order.id, claim)
  const placed = await db.execute(sql`
    with may_place as (${mayPlace}),
    placed as (
      insert into ${orders} (id, user_id, status, payment_status, total, currency, shipping_address,
                             created_at, updated_at, expires_at)
      select ${order.id}, ${order.userId}, ${order.status}, ${order.paymentStatus}, ${order.total}::bigint,
             ${order.currency}, ${JSON.stringify(order.shippingAddress)}::jsonb, ${order.createdAt.toISOString()}::timestamptz,
             ${order.updatedAt.toISOString()}::timestamptz, ${order.expiresAt.toISOString()}::timestamptz
      from may_place
      returning id
    )
    insert into ${orderLines} (order_id, position, product_id, variant_id, name, quantity, unit_price, total)
    select placed.id, line.position, line.product_id, line.variant_id, line.name, line.quantity, line.unit_price, line.total
    from placed, jsonb_to_recordset(${linesAsJson(order)}::jsonb) as line(
      position int, product_id bigint, variant_id bigint, name text, quantity int, unit_price bigint, total bigint)
    returning order_id`)
  return placed.rows.length > 0
}

function attachOrder(orderId: OrderId, claim: Claim) {
  return sql`
    update ${idempotencyKeys} set order_id = ${orderId}
    where scope = ${claim.scope} and key = ${claim.key} and claim = ${claim.claim} and order_id is null
    returning 1`
}

function linesAsJson(order: Order): string {
  return JSON.stringify(
    order.lines.map((line, position) => ({
      position,
      product_id: line.productId,
      variant_id: line.variantId,
      name: line.name,
      quantity: line.quantity,
      unit_price: line.unitPrice,
      total: line.total,
    })),
  )
}
