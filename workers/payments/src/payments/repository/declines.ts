import { declines } from '@shop/db/schema/payments'
import { type SQL, sql } from 'drizzle-orm'
import { MAX_DECLINES, PAUSES_SECONDS } from '../domain/payment.ts'

const PAUSES = sql.raw(`'{${PAUSES_SECONDS.join()}}'::int[]`)

/**
 * Statement part: until when the declines of an order pause its payments, as a value; null when they are too few. Index:
 * declines_of_order.
 */
export const pausedUntil = (orderId: SQL): SQL => sql`(
  select max(d.declined_at)
    + (${PAUSES})[least(count(*) - ${sql.raw(String(MAX_DECLINES - 1))}, ${sql.raw(String(PAUSES_SECONDS.length))})::int] * interval '1 second'
  from ${declines} d where d.order_id = ${orderId})`

/**
 * Statement part: the INSERT that records a decline, once. All reports of one decline name the same charge. Where no charge
 * was made, they count as one for each attempt.
 *
 * @param decline.from a FROM item with the payment's `id`, `order_id` and `attempt`; no row for what is no decline
 */
export const recordDecline = (decline: { from: SQL; charge: SQL; attempt: SQL; at: SQL }): SQL => sql`
  insert into ${declines} (id, order_id, payment_id, declined_at)
  select coalesce(${decline.charge}, id || ':' || coalesce(${decline.attempt}, attempt)), order_id, id, ${decline.at}
  from ${decline.from}
  on conflict (id) do nothing`
