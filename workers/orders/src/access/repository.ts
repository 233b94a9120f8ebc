import { LIMITS } from '@shop/contracts/limits'
import type { Db } from '@shop/db/client'
import { eventCtes } from '@shop/db/events/write'
import { orders, ordersEventRows, ordersEvents } from '@shop/db/schema/orders'
import { tokenRequests } from '@shop/db/schema/orders-customers'
import type { OrderId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import { type SQL, sql } from 'drizzle-orm'

const { quota: MOST_MAILS, windowSeconds: WINDOW_SECONDS } = LIMITS.orderTokenMail
const MOST_MAILS_TO_ADDRESS = LIMITS.orderTokenMailEmail.quota
const PRUNE_BATCH = 1_000

/** A guest has placed the order `o`, whether or not an account has claimed it since. */
const IS_OF_GUEST = sql`(o.user_id is null or o.claimed_at is not null)`

/** `requestKey` is the same for each request that names the order with the address. */
export type TokenRequest = { orderId: string; customerKey: string; requestKey: string }
export type AskedToken = { eventId: number; orderId: OrderId; to: string }

/** Requests for the tokens of guests' orders. */
export const tokenRequestRepository = (db: Db) => ({
  /**
   * Counts a request and, if the order is a guest's with that address, writes the event that leads to a mail. One statement
   * that writes a row in any case, so that its time does not tell whether there is such an order.
   *
   * Mails are counted by their address, too, and only those: a request that names no order uses up nothing.
   */
  async ask({ orderId, customerKey, requestKey }: TokenRequest, now: Date): Promise<void> {
    const at = sql`${now.toISOString()}::timestamptz`
    const written = eventCtes(ordersEvents, {
      name: 'shop_event',
      types: ['order.token_requested'],
      rows: sql`
        select 'order.token_requested' as type, wanted.id as key, ${now.getTime()}::bigint as sequence,
               jsonb_build_object('orderId', wanted.id) as payload, ${at} as created_at
        from wanted`,
    })
    await db.execute(sql`
      with asked as (${counted(sql`values (${requestKey}::text, 1, ${at})`, now)}),
      named as (
        select o.id, o.customer_key from ${orders} o, asked
        where o.id = ${orderId} and o.customer_key = ${customerKey} and ${IS_OF_GUEST} and asked.requests <= ${MOST_MAILS}
      ),
      mailed as (${counted(sql`select customer_key, 1, ${at} from named`, now)}),
      wanted as (select named.id from named, mailed where mailed.requests <= ${MOST_MAILS_TO_ADDRESS}),
      ${written}
      select requests from asked`)
  },

  /** The orders of requests, by their events, while they are young enough for a mail. */
  async listAsked(eventIds: readonly number[], now: Date): Promise<AskedToken[]> {
    if (eventIds.length === 0) return []
    const { rows } = await db.execute<{ event_id: string; order_id: OrderId; email: string }>(sql`
      select e.id as event_id, o.id as order_id, o.email
      from ${ordersEventRows} e join ${orders} o on o.id = e.key
      where e.id in ${[...eventIds]} and e.type = 'order.token_requested' and o.email is not null and ${IS_OF_GUEST}
        and e.created_at > ${addSeconds(now, -WINDOW_SECONDS).toISOString()}::timestamptz`)
    return rows.map(({ event_id: id, order_id: orderId, email }) => ({ eventId: Number(id), orderId, to: email }))
  },

  /** Deletes requests whose hour is over. Index: token_requests_age. */
  async prune(now: Date): Promise<number> {
    const { rows } = await db.execute(sql`
      delete from ${tokenRequests} where key in (
        select key from ${tokenRequests}
        where since <= ${addSeconds(now, -WINDOW_SECONDS).toISOString()}::timestamptz
        order by since limit ${PRUNE_BATCH} for update skip locked)
      returning key`)
    return rows.length
  },
})

/** Statement part: counts requests by a key in addition to those of its hour, or as the first ones of a new hour. */
export function counted(rows: SQL, now: Date): SQL {
  const isOver = sql`known.since <= ${addSeconds(now, -WINDOW_SECONDS).toISOString()}::timestamptz`
  return sql`
    insert into ${tokenRequests} as known (key, requests, since) ${rows}
    on conflict (key) do update
      set requests = case when ${isOver} then excluded.requests else known.requests + excluded.requests end,
          since = case when ${isOver} then excluded.since else known.since end
    returning requests, since`
}
