import { payments, paymentsDeliveries, paymentsEventRows, refunds } from '@shop/db/schema/payments'
import { type SQL, sql } from 'drizzle-orm'
import { ORDER_CANCELLED, type Refund } from '../domain/refund.ts'
import { destinationOf, IS_CAPTURED, LEFT, type NewRefund, p, type Values, valuesOf } from './reservation.ts'

/** A refund that takes from all payments of an order. */
export type NewSpread = Omit<NewRefund, 'id' | 'amount' | 'paymentId'> & {
  /** A payment that is known to be the order's; null for none. */
  paymentId: Refund['paymentId'] | null
  /** One id for each possible part. The first is the id of the refund. */
  ids: Refund['id'][]
  orderId: Refund['orderId']
  /** In minor units. */
  amount: number
}

export type SpreadValues = Values & { ids: string; orderId: string; amount: number; given: number }

/** @param given the part of the amount that was already issued as a gift card, in minor units */
export const spreadValuesOf = ({ ids, orderId, amount, ...fresh }: NewSpread, given = 0): SpreadValues => ({
  ...valuesOf(fresh),
  ids: `{${ids.join()}}`,
  orderId,
  amount,
  given,
})

const q = (name: 'ids' | 'orderId' | 'amount' | 'given') => sql.placeholder(name)
export const SPREAD_IDS = sql`${q('ids')}::text[]`
export const FIRST_ID = sql`(${SPREAD_IDS})[1]`

/**
 * The delivery to orders of the newest capture of payment `p`, if it has one of the statuses. It tells all that was captured, so what
 * became of earlier ones does not matter. Index: events_change.
 */
const captureDelivery = (statuses: SQL): SQL => sql`
  select from ${paymentsDeliveries} d
  where d.consumer = 'orders' and d.status in (${statuses}) and d.event_id = (
    select max(e.id) from ${paymentsEventRows} e where e.key = p.id and e.type = 'payment.captured')`

/** Orders has not decided yet whether it takes payment `p`. */
export const IS_UNDECIDED = sql`exists (${captureDelivery(sql`'pending', 'parked'`)})`

/** Whether the order has accepted payment `p`, and it is not being refunded because the order could not accept it. */
const IS_OF_ORDER = sql`(
  not exists (${captureDelivery(sql`'pending', 'parked', 'skipped'`)})
  and not exists (
    select from ${refunds} r
    where r.payment_id = p.id and r.reason = ${ORDER_CANCELLED} and r.actor->>'kind' = 'system'))`

/** What can still be refunded of an order's payments, without payments that the order did not accept. */
export const leftOfOrder = ({ orderId, paymentId }: { orderId: SQL; paymentId: SQL }): SQL => sql`
  select p.id, p.method, p.created_at, ${LEFT} as left_amount
  from ${payments} p
  where p.order_id = ${orderId} and ${IS_CAPTURED} and not p.duplicate
    and (p.id = ${paymentId}::text or ${IS_OF_ORDER})`

/**
 * The CTEs of a refund from all payments of an order: see `parts` of `Reservation`. The newest payments are used first, gift cards last:
 * first for the money to refund, then for store credit that was already issued.
 *
 * @param options.takesLess if less is left than the amount: true refunds what is left, false refunds nothing
 */
export const partsOverPayments = (condition: SQL, { takesLess }: { takesLess: boolean }): SQL => sql`
  locked as materialized (
    ${leftOfOrder({ orderId: sql`${q('orderId')}`, paymentId: sql`${p('paymentId')}` })} and ${condition}
    order by p.id for update of p
  ),
  queue as (
    select id, method, left_amount,
           sum(left_amount) over (order by method = 'gift_card', created_at desc, id desc) - left_amount as start
    from locked where left_amount > 0
  ),
  total as (select least(coalesce(sum(left_amount), 0), ${q('amount')}::bigint) as amount from locked),
  wanted as (
    select ${p('destination')}::text as destination, 0 as start, greatest(amount - ${q('given')}::bigint, 0) as stop from total
    union all
    select 'given', greatest(amount - ${q('given')}::bigint, 0), amount from total
  ),
  parts as (
    select queue.id as payment_id,
           (least(queue.start + queue.left_amount, wanted.stop) - greatest(queue.start, wanted.start))::bigint as amount,
           ${destinationOf(sql`wanted.destination`, sql`queue`)} as destination,
           row_number() over (order by wanted.start, queue.start) as no
    from total cross join queue join wanted
      on wanted.start < wanted.stop and queue.start < wanted.stop and queue.start + queue.left_amount > wanted.start
    where total.amount = ${q('amount')}::bigint or ${sql.raw(String(takesLess))}
  )`
