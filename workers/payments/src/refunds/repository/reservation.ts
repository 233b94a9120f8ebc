import type { RefundDestination } from '@shop/contracts/payments/states'
import { payments, refunds } from '@shop/db/schema/payments'
import { type SQL, sql } from 'drizzle-orm'
import { refundEventCtes } from '../../events/repository.ts'
import { book } from '../../ledger/repository.ts'
import type { Refund } from '../domain/refund.ts'
import { toRefundFromJson } from './rows.ts'

/**
 * `amount` in minor units; undefined for all that was not refunded. `destination`: `card` (default) refunds as the payment was made.
 * Until `leaseUntil` the creator calls Stripe, and the sweep does not.
 */
export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'reason' | 'actor'> & {
  amount: number | undefined
  destination?: Exclude<RefundDestination, 'gift_cards'> | undefined
  now: Date
  leaseUntil: Date
}

/** The values of every statement that reserves. */
export type Values = {
  paymentId: string | null
  destination: string
  reason: string
  actor: string
  now: string
  leaseUntil: string
}

export const valuesOf = ({
  paymentId,
  destination = 'card',
  reason,
  actor,
  now,
  leaseUntil,
}: Omit<NewRefund, 'id' | 'amount' | 'paymentId'> & { paymentId: string | null }): Values => ({
  paymentId,
  destination,
  reason,
  actor: JSON.stringify(actor),
  now: now.toISOString(),
  leaseUntil: leaseUntil.toISOString(),
})

export const p = (name: keyof Values) => sql.placeholder(name)

/** Whether something was captured of a payment. It may still be authorized for more. */
export const IS_CAPTURED = sql`captured_amount > 0`

/** What can still be refunded of a payment, in minor units. */
export const LEFT = sql`(captured_amount - refunded_amount - reserved_amount)`

/**
 * Where a refund goes: what gift cards paid goes back to them, also where store credit is wanted, which they are. So orders knows of all
 * that was given back of it, and a later cancellation gives only the rest.
 *
 * @param from has the `method` of the payment
 */
export const destinationOf = (wanted: SQL, from: SQL) =>
  sql`case when ${wanted} <> 'given' and ${from}.method = 'gift_card' then 'gift_cards' else ${wanted} end`

/** A group of refunds, the first one first, as one jsonb value of the row. */
export const GROUP = sql`jsonb_agg(to_jsonb(r) order by r.part_of is not null, r.id)`

/** @param row with a group of refunds as {@link GROUP}; null for none */
export function refundsOf(row: unknown): Refund[] {
  // The column is the one that the statements name.
  const { refunds: found } = (row ?? {}) as { refunds?: Record<string, unknown>[] | null }
  return (found ?? []).map(toRefundFromJson)
}

export type SingleValues = Values & { id: string; amount: number | null }

export const singleValuesOf = ({ id, amount, ...fresh }: NewRefund): SingleValues => ({
  ...valuesOf(fresh),
  id,
  amount: amount ?? null,
})

/** The id of the one refund of a reservation by {@link partOfPayment}. */
export const SINGLE_ID = sql`array[${sql.placeholder('id')}::text]`

/** The CTEs of a refund of one payment: see `parts` of {@link Reservation}. */
export const partOfPayment = (condition: SQL): SQL => sql`
  was as (
    select id, method, ${LEFT} as left_amount, coalesce(${sql.placeholder('amount')}::bigint, ${LEFT}) as wanted
    from ${payments} where id = ${p('paymentId')} and ${IS_CAPTURED} and ${condition}
    for update
  ),
  parts as (
    select id as payment_id, wanted as amount, ${destinationOf(sql`${p('destination')}::text`, sql`was`)} as destination, 1 as no
    from was where wanted between 1 and left_amount
  )`

export type Reservation = {
  /**
   * CTEs, the last of them `parts`: payment_id, amount, destination and `no`, the place of the part from 1. They lock the
   * payments, so that of concurrent refunds each sees what the others have left.
   */
  parts: SQL
  /** An array of text: the id of each part. */
  ids: SQL
  /** What is unique among the refunds of a payment; null for the id. */
  dedupKey?: SQL
  stripeRefundId?: SQL
  /** Further CTEs, over the rows of `refund`. */
  also?: SQL
}

/** The statement that inserts refunds, reserves and books their amounts and writes their events: all or nothing. */
export function reservation(made: Reservation): SQL {
  const { parts, ids, dedupKey = sql`null`, stripeRefundId = sql`null`, also = sql.empty() } = made
  return sql`
    with ${parts},
    reserved as (
      update ${payments} p set reserved_amount = p.reserved_amount + taken.amount, version = p.version + taken.count
      from (select payment_id, sum(amount)::bigint as amount, count(*)::int as count from parts group by payment_id) taken
      where p.id = taken.payment_id
      returning p.*
    ),
    refund as (
      insert into ${refunds} (id, part_of, payment_id, order_id, amount, currency, destination, state, stripe_refund_id,
                              dedup_key, reason, actor, lease_until, next_attempt_at, created_at, updated_at)
      select (${ids})[part.no], case when part.no > 1 then (${ids})[1] end, p.id, p.order_id, part.amount, p.currency,
             part.destination, 'pending', ${stripeRefundId}, coalesce(${dedupKey}::text, (${ids})[part.no]), ${p('reason')},
             ${p('actor')}::jsonb, ${p('leaseUntil')}::timestamptz, ${p('leaseUntil')}::timestamptz,
             ${p('now')}::timestamptz, ${p('now')}::timestamptz
      from parts part join reserved p on p.id = part.payment_id
      returning *
    ),
    booked as (${book('refund_reserved', {
      from: sql`refund`,
      about: sql`id`,
      at: sql`created_at`,
      amount: sql`amount`,
      currency: sql`currency`,
      paymentId: sql`payment_id`,
      refundId: sql`id`,
    })}),
    ${refundEventCtes(
      ['refund.created'],
      sql`
        select 'refund.created' as type, refund.payment_id,
               reserved.version + 1 - row_number() over (partition by refund.payment_id order by refund.id desc) as version,
               refund.id as refund_id, refund.order_id, refund.amount, refund.currency, refund.state,
               ${CAPTURED} as captured_amount, refund.created_at as at
        from refund join reserved on reserved.id = refund.payment_id`,
    )}
    ${also}
    select ${GROUP} as refunds from refund r`
}

/** The captured amount of a payment `reserved` in events for orders: 0 for a payment by gift cards. */
const CAPTURED = sql`case reserved.method when 'card' then reserved.captured_amount else 0 end`
