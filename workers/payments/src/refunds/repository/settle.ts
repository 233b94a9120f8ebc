import type { RefundState } from '@shop/contracts/payments/states'
import { askAll, type Db } from '@shop/db/client'
import { payments, refunds } from '@shop/db/schema/payments'
import { discrepancies } from '@shop/db/schema/stripe'
import { statement } from '@shop/db/statement'
import { toMajor } from '@shop/kernel/money'
import { type SQL, sql } from 'drizzle-orm'
import { isRefundEvent, type RefundEvent } from '../../events/domain/order-events.ts'
import { newestEvent, refundEventCtes, toWrittenEvent, type WrittenEventRow } from '../../events/repository.ts'
import type { LedgerMove } from '../../ledger/domain/ledger.ts'
import { book } from '../../ledger/repository.ts'
import { recordRefunds } from '../../taxes/repository.ts'
import type { Refund, RefundOutcome, SettledRefund } from '../domain/refund.ts'
import { unmadePartsListing } from './list-unmade-parts.ts'
import type { NewRefund } from './reservation.ts'
import { automaticReservation } from './reserve.ts'
import { toRefundFromJson } from './rows.ts'

export const refundSettlement = (db: Db) => ({
  /**
   * The only place where a refund's state changes, for every reporter. One statement moves the refund, turns its
   * reservation into refunded money or releases it, books the move, writes its event, and lists for staff a refund that
   * failed unnoticed or that the bank returned; all or nothing.
   *
   * Pending becomes succeeded or failed. The bank may return a succeeded refund. A refund that was marked as failed
   * without an answer from Stripe may have succeeded after all. What Stripe reported as failed stays failed. A report of
   * another amount changes nothing. That Stripe has none (`stripeRefundId` null) never undoes one that it has reported.
   * Parts that were given up with a first part that succeeded after all are listed, too.
   *
   * @param anew the automatic refund to reserve in the same transaction, in place of one that was never made: a crash
   * must not come between them
   * @returns undefined when there is no such refund
   */
  async settle(outcome: RefundOutcome, anew?: NewRefund): Promise<SettledRefund | undefined> {
    const { refundId, stripeRefundId, state, amount, currency, failure, isFailureKnown } = outcome
    const found = { refundId, stripeRefundId }
    const [[moved] = [], [row] = []] = await askAll(db, [
      settle({
        ...{ ...found, state, amount, currency, failure, isFailureKnown },
        shown: `${toMajor(amount, currency)} ${currency}, failed`,
        now: outcome.now.toISOString(),
      }),
      read(found),
      unmadePartsListing(outcome),
      ...(anew === undefined ? [] : [automaticReservation(anew)]),
    ])
    if (row === undefined) return undefined
    // The columns are those that the statements name.
    const { refund, event } = row as { refund: Record<string, unknown>; event: WrittenEventRow }
    return settledRefund(toRefundFromJson(refund), moved as { was: RefundState } | undefined, event)
  },
})

function settledRefund(refund: Refund, moved: { was: RefundState } | undefined, event: WrittenEventRow): SettledRefund {
  if (moved === undefined || refund.state === 'pending') return { refund, change: undefined, announcement: undefined }
  const change = moved.was === 'succeeded' ? 'returned' : refund.state
  return { refund, change, announcement: toWrittenEvent<RefundEvent>(event, isRefundEvent) }
}

type Found = { refundId: string | null; stripeRefundId: string | null }
type SettleValues = Found & {
  state: string
  amount: number
  currency: string
  failure: string | null
  isFailureKnown: boolean
  /** What the list of discrepancies shows of a failed refund. */
  shown: string
  now: string
}
const p = (name: keyof SettleValues) => sql.placeholder(name)
const STATE = sql`${p('state')}::text`
const STRIPE_REFUND_ID = sql`${p('stripeRefundId')}::text`
const IS_REFUND = sql`(r.id = ${p('refundId')}::text or r.stripe_refund_id = ${STRIPE_REFUND_ID})`

const read = statement<Found>(
  () => sql`
    select to_jsonb(r) as refund, ${newestEvent(sql`
      e.key = r.payment_id and e.type in ('refund.succeeded', 'refund.failed', 'refund.returned') and e.payload->>'refundId' = r.id`)} as event
    from ${refunds} r where ${IS_REFUND}`,
)

/** The ledger move of a refund that reaches a state, by the state it leaves, and where its money went if that matters. */
const MOVES: [was: RefundState, state: RefundState, move: LedgerMove, destination?: SQL][] = [
  ['pending', 'succeeded', 'refund_succeeded', sql`destination = 'card'`],
  ['pending', 'succeeded', 'refund_credited', sql`destination <> 'card'`],
  ['failed', 'succeeded', 'refund_late'],
  ['pending', 'failed', 'refund_failed'],
  ['succeeded', 'failed', 'refund_returned'],
]

const bookings = (): SQL =>
  sql.join(
    MOVES.map(([was, state, move, destination = sql`true`]) => {
      const booking = {
        from: sql`moved where was = ${sql.raw(`'${was}'`)} and state = ${sql.raw(`'${state}'`)} and ${destination}`,
        about: sql`id`,
        at: sql`updated_at`,
        amount: sql`amount`,
        currency: sql`currency`,
        paymentId: sql`payment_id`,
        refundId: sql`id`,
      }
      return sql`${sql.identifier(move)} as (${book(move, booking)}),`
    }),
    sql` `,
  )

const IS_LEFT = sql`exists (
  select from ${payments} p
  where p.id = r.payment_id and p.captured_amount - p.refunded_amount - p.reserved_amount >= r.amount)`

/** The state that the refund left, where it has another one now. */
const settle = statement<SettleValues>(
  () => sql`
    with moved as (
      update ${refunds} r set
        state = ${STATE}, stripe_refund_id = coalesce(r.stripe_refund_id, ${STRIPE_REFUND_ID}),
        dedup_key = case when ${STATE} = 'failed' then r.id else r.dedup_key end,
        failure = ${p('failure')}::text, lease_until = null, updated_at = ${p('now')}::timestamptz
      from (select id, state from ${refunds} r where ${IS_REFUND} for update) was
      where r.id = was.id and r.amount = ${p('amount')}::bigint and r.currency = ${p('currency')}
        and (r.stripe_refund_id is null or r.stripe_refund_id = ${STRIPE_REFUND_ID} or ${STRIPE_REFUND_ID} is null)
        and (was.state = 'pending' or ((was.state, ${STATE}) = ('succeeded', 'failed') and ${STRIPE_REFUND_ID} is not null)
             or ((was.state, ${STATE}) = ('failed', 'succeeded') and r.stripe_refund_id is null and ${IS_LEFT}))
      returning r.*, was.state as was
    ),
    settled as (
      update ${payments} p set
        reserved_amount = p.reserved_amount - case when moved.was = 'pending' then moved.amount else 0 end,
        refunded_amount = p.refunded_amount + case when moved.state = 'succeeded' then moved.amount
                                                   when moved.was = 'succeeded' then -moved.amount else 0 end,
        credited_amount = p.credited_amount + case when moved.state = 'succeeded' and moved.destination <> 'card' then moved.amount else 0 end,
        version = p.version + 1
      from moved where p.id = moved.payment_id and moved.was <> moved.state
      returning p.id, case p.method when 'card' then p.captured_amount else 0 end as captured_amount, p.version
    ),
    ${bookings()}
    listed as (${LIST_FAILURE}),
    taxed as (${recordRefunds(sql`moved`)}),
    ${refundEventCtes(
      ['refund.succeeded', 'refund.failed', 'refund.returned'],
      sql`
        select case when moved.state = 'succeeded' then 'refund.succeeded' when moved.was = 'succeeded' then 'refund.returned'
                    else 'refund.failed' end as type,
               moved.payment_id, settled.version, moved.id as refund_id, moved.order_id, moved.amount, moved.currency,
               moved.state, settled.captured_amount, moved.updated_at as at
        from moved join settled on settled.id = moved.payment_id`,
    )}
    select was from moved where was <> state`,
)

/** Lists for staff a refund whose money the shop still has: a person decides how the customer gets it. */
const LIST_FAILURE = sql`
  insert into ${discrepancies} (kind, subject, payment_id, stripe, shop, found_at)
  select case was when 'succeeded' then 'refund_returned' else 'refund_failed' end, coalesce(stripe_refund_id, id), payment_id,
         ${p('shown')}, was, updated_at
  from moved
  where state = 'failed' and (was = 'succeeded' or (was = 'pending' and not ${p('isFailureKnown')}::boolean))
  on conflict (subject, kind) do nothing`
