import type { RefundedPayment, RefundState } from '@shop/contracts'
import type { Db } from '@shop/db'
import { payments, paymentsOutbox, refunds } from '@shop/db/schema/payments'
import { discrepancies } from '@shop/db/schema/stripe'
import { toMajor } from '@shop/kernel'
import { type SQL, sql } from 'drizzle-orm'
import { PAYMENT_REFUND_RETURNED, PAYMENT_REFUNDED } from '../../events/repository.ts'
import type { LedgerMove } from '../../ledger/domain/ledger.ts'
import { book } from '../../ledger/repository.ts'
import type { Refund, RefundAnnouncement, RefundOutcome, SettledRefund } from '../domain/refund.ts'
import { toRefund } from './rows.ts'

/** What to book of a refund that reaches a state, by the state it leaves. */
const MOVES: Record<RefundState, [was: RefundState, move: LedgerMove][]> = {
  pending: [],
  succeeded: [
    ['pending', 'refund_succeeded'],
    ['failed', 'refund_late'],
  ],
  failed: [
    ['pending', 'refund_failed'],
    ['succeeded', 'refund_returned'],
  ],
}

export const refundSettlement = (db: Db) => ({
  /**
   * The one place where a refund's state changes, whoever reports it. One statement moves the refund, turns its
   * reservation into refunded money or releases it, books the move, writes the event for orders of a refund that
   * succeeded or came back, and lists for staff one that failed unnoticed or came back; all or nothing.
   *
   * Pending becomes succeeded or failed; a refund that succeeded may come back from the bank; one that was given up
   * without an answer of Stripe may have succeeded after all. What Stripe reported as failed stays failed. A report of
   * another amount changes nothing.
   *
   * @returns undefined when there is no such refund
   */
  async settle(outcome: RefundOutcome): Promise<SettledRefund | undefined> {
    const { refundId, stripeRefundId } = outcome
    const move = db.execute<{ was: RefundState; payload: RefundedPayment | null }>(settlement(outcome))
    const read = db
      .select()
      .from(refunds)
      .where(sql`${refunds.id} = ${refundId}::text or ${refunds.stripeRefundId} = ${stripeRefundId}::text`)
    const [moved, [row]] = await db.batch([move, read])
    return row && settledRefund(toRefund(row), moved.rows[0])
  },
})

function settledRefund(
  refund: Refund,
  moved: { was: RefundState; payload: RefundedPayment | null } | undefined,
): SettledRefund {
  if (moved === undefined || refund.state === 'pending') return { refund, change: undefined, announcement: undefined }
  const change = moved.was === 'succeeded' ? 'returned' : refund.state
  const kind: RefundAnnouncement['kind'] = change === 'returned' ? 'refund_returned' : 'refunded'
  return { refund, change, announcement: moved.payload === null ? undefined : { kind, payment: moved.payload } }
}

function settlement(outcome: RefundOutcome): SQL {
  const now = sql`${outcome.now.toISOString()}::timestamptz`
  const failed = outcome.state === 'failed' ? sql`listed as (${listFailure(outcome)}),` : sql.empty()
  return sql`
    with moved as (${moveRefund(outcome, now)}),
    settled as (
      update ${payments} p set
        reserved_amount = p.reserved_amount - case when moved.was = 'pending' then moved.amount else 0 end,
        refunded_amount = p.refunded_amount + case when moved.state = 'succeeded' then moved.amount
                                                   when moved.was = 'succeeded' then -moved.amount else 0 end,
        version = p.version + 1
      from moved where p.id = moved.payment_id and moved.was <> moved.state
      returning p.id, p.captured_amount
    ),
    ${bookMoves(outcome.state, now)}
    ${failed}
    announced as (
      insert into ${paymentsOutbox} (kind, key, payload, created_at, next_attempt_at)
      select case moved.state when 'succeeded' then ${PAYMENT_REFUNDED} else ${PAYMENT_REFUND_RETURNED} end, moved.id,
             jsonb_build_object('orderId', moved.order_id, 'paymentId', moved.payment_id, 'refundId', moved.id,
               'amount', moved.amount, 'captured', settled.captured_amount, 'reason', moved.why, 'actor', moved.actor),
             ${now}, ${now} + interval '10 seconds'
      from moved join settled on settled.id = moved.payment_id where 'succeeded' in (moved.state, moved.was)
      on conflict (kind, key) do nothing
      returning payload
    )
    select moved.was, (select payload from announced) as payload from moved where moved.was <> moved.state`
}

function moveRefund({ refundId, stripeRefundId, state, failure, amount, currency }: RefundOutcome, now: SQL): SQL {
  const isRefund = sql`(r.id = ${refundId}::text or r.stripe_refund_id = ${stripeRefundId}::text)`
  const isLeft = sql`exists (
    select from ${payments} p
    where p.id = r.payment_id and p.captured_amount - p.refunded_amount - p.reserved_amount >= r.amount)`
  return sql`
    update ${refunds} r set
      state = ${state}, stripe_refund_id = coalesce(r.stripe_refund_id, ${stripeRefundId}::text),
      reason = case when ${state} = 'failed' then r.id else r.reason end, why = coalesce(r.why, r.reason),
      failure = ${failure}::text, lease_until = null, updated_at = ${now}
    from (select id, state from ${refunds} r where ${isRefund} for update) was
    where r.id = was.id and r.amount = ${amount}::bigint and r.currency = ${currency}
      and (r.stripe_refund_id is null or r.stripe_refund_id = ${stripeRefundId}::text or ${stripeRefundId}::text is null)
      and (was.state = 'pending' or (was.state, ${state}::text) = ('succeeded', 'failed')
           or ((was.state, ${state}::text) = ('failed', 'succeeded') and r.stripe_refund_id is null and ${isLeft}))
    returning r.id, r.payment_id, r.order_id, r.amount, r.currency, r.state, r.stripe_refund_id, r.why, r.actor, was.state as was`
}

function bookMoves(state: RefundState, now: SQL): SQL {
  const booked = MOVES[state].map(([was, move]) => {
    const booking = {
      from: sql`moved where was = ${was}`,
      about: sql`id`,
      at: now,
      amount: sql`amount`,
      currency: sql`currency`,
      paymentId: sql`payment_id`,
      refundId: sql`id`,
    }
    return sql`${sql.identifier(move)} as (${book(move, booking)}),`
  })
  return sql.join(booked, sql` `)
}

/** The INSERT that lists for staff a refund whose money the shop still has: how the customer gets it, a person decides. */
function listFailure({ amount, currency, now, isFailureKnown }: RefundOutcome): SQL {
  return sql`
    insert into ${discrepancies} (kind, subject, payment_id, stripe, shop, found_at)
    select case was when 'succeeded' then 'refund_returned' else 'refund_failed' end, coalesce(stripe_refund_id, id), payment_id,
           ${`${toMajor(amount, currency)} ${currency}, failed`}, was, ${now.toISOString()}::timestamptz
    from moved where was = 'succeeded' or (was = 'pending' and not ${isFailureKnown}::boolean)
    on conflict (subject, kind) do nothing`
}
