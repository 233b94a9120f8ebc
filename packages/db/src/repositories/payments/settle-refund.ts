import type { LedgerMove, Refund, RefundedPayment, RefundState } from '@shop/contracts'
import { type CurrencyCode, type RefundId, toMajor } from '@shop/kernel'
import { type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { payments, paymentsOutbox, refunds } from '../../schema/payments.ts'
import { discrepancies } from '../../schema/stripe.ts'
import { PAYMENT_REFUND_RETURNED, PAYMENT_REFUNDED } from './events.ts'
import { book } from './ledger.ts'
import { toRefund } from './rows.ts'

/** What is known of a refund, from Stripe, or because Stripe will not make it (`stripeRefundId` null). */
export type RefundOutcome = {
  refundId: RefundId | null
  stripeRefundId: string | null
  amount: number
  currency: CurrencyCode
  state: RefundState
  failure: string | null
  now: Date
  /** That it failed need not be shown to staff: whoever asked is told at once, or it will be made anew. */
  isFailureKnown?: boolean
}

/** The refund as it is now. `change` is what this call has changed; `told` what orders must hear of it. */
export type SettledRefund = {
  refund: Refund
  change: 'succeeded' | 'failed' | 'returned' | null
  told: RefundedPayment | null
}

/** What to book of a refund that reaches a state, by the one it leaves. */
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

/**
 * The one place where a refund's state changes, whoever reports it. One statement: the refund moves, what it had reserved
 * becomes refunded or free again, the ledger has it, one that succeeded, or came back, goes into the outbox, and one that failed unheard, or came back, is
 * shown to staff; all or nothing.
 *
 * Pending becomes succeeded or failed; what had succeeded may come back from the bank; what was given up without a
 * word of Stripe may have left after all. What Stripe has said failed stays so. A report of another amount changes nothing.
 *
 * @returns undefined when there is no such refund
 */
export async function settleRefund(db: Db, outcome: RefundOutcome): Promise<SettledRefund | undefined> {
  const { refundId, stripeRefundId, state } = outcome
  const now = sql`${outcome.now.toISOString()}::timestamptz`
  const isRefund = sql`(r.id = ${refundId}::text or r.stripe_refund_id = ${stripeRefundId}::text)`
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
  const settle = db.execute<{ was: RefundState; told: RefundedPayment | null }>(sql`
    with moved as (
      update ${refunds} r set
        state = ${state}, stripe_refund_id = coalesce(r.stripe_refund_id, ${stripeRefundId}::text),
        reason = case when ${state} = 'failed' then r.id else r.reason end, why = coalesce(r.why, r.reason),
        failure = ${outcome.failure}::text, lease_until = null, updated_at = ${now}
      from (select id, state from ${refunds} r where ${isRefund} for update) was
      where r.id = was.id and r.amount = ${outcome.amount}::bigint and r.currency = ${outcome.currency}
        and (r.stripe_refund_id is null or r.stripe_refund_id = ${stripeRefundId}::text or ${stripeRefundId}::text is null)
        and (was.state = 'pending' or (was.state, ${state}::text) = ('succeeded', 'failed')
             or ((was.state, ${state}::text) = ('failed', 'succeeded') and r.stripe_refund_id is null and exists (
                   select from ${payments} p
                   where p.id = r.payment_id and p.captured_amount - p.refunded_amount - p.reserved_amount >= r.amount)))
      returning r.id, r.payment_id, r.order_id, r.amount, r.currency, r.state, r.stripe_refund_id, r.why, r.actor, was.state as was
    ),
    settled as (
      update ${payments} p set
        reserved_amount = p.reserved_amount - case when moved.was = 'pending' then moved.amount else 0 end,
        refunded_amount = p.refunded_amount + case when moved.state = 'succeeded' then moved.amount
                                                   when moved.was = 'succeeded' then -moved.amount else 0 end,
        version = p.version + 1
      from moved where p.id = moved.payment_id and moved.was <> moved.state
      returning p.id, p.captured_amount
    ),
    ${sql.join(
      booked,
      sql`
`,
    )}
    ${state === 'failed' ? sql`noted as (${noteFailure(outcome)}),` : sql.empty()}
    announced as (
      insert into ${paymentsOutbox} (kind, key, payload, created_at, next_attempt_at)
      select case moved.state when 'succeeded' then ${PAYMENT_REFUNDED} else ${PAYMENT_REFUND_RETURNED} end, moved.id, jsonb_build_object('orderId', moved.order_id, 'paymentId', moved.payment_id,
               'refundId', moved.id, 'amount', moved.amount, 'captured', settled.captured_amount,
               'reason', moved.why, 'actor', moved.actor),
             ${now}, ${now} + interval '10 seconds'
      from moved join settled on settled.id = moved.payment_id where 'succeeded' in (moved.state, moved.was)
      on conflict (kind, key) do nothing
      returning payload
    )
    select moved.was, (select payload from announced) as told from moved where moved.was <> moved.state`)
  const read = db
    .select()
    .from(refunds)
    .where(sql`${refunds.id} = ${refundId}::text or ${refunds.stripeRefundId} = ${stripeRefundId}::text`)
  const [settled, [row]] = await db.batch([settle, read])
  if (row === undefined) return undefined
  const [move] = settled.rows
  const change = move === undefined ? null : move.was === 'succeeded' ? 'returned' : toRefund(row).state
  return { refund: toRefund(row), change: change === 'pending' ? null : change, told: move?.told ?? null }
}

/** The insert that shows staff money which is here and was to go back: how the customer is to get it, a person decides. */
function noteFailure({ amount, currency, now, isFailureKnown = false }: RefundOutcome): SQL {
  return sql`
    insert into ${discrepancies} (kind, subject, payment_id, stripe, shop, found_at)
    select case was when 'succeeded' then 'refund_returned' else 'refund_failed' end, coalesce(stripe_refund_id, id), payment_id,
           ${`${toMajor(amount, currency)} ${currency}, failed`}, was, ${now.toISOString()}::timestamptz
    from moved where was = 'succeeded' or (was = 'pending' and not ${isFailureKnown}::boolean)
    on conflict (subject, kind) do nothing`
}
