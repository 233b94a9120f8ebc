import type { PaymentState } from '@shop/contracts'
import { type Db, isUniqueViolation } from '@shop/db'
import { payments, paymentsOutbox } from '@shop/db/schema/payments'
import type { PaymentId } from '@shop/kernel'
import { eq, type SQL, sql } from 'drizzle-orm'
import { PAYMENT_AUTHORIZATION_LOST, PAYMENT_AUTHORIZED, PAYMENT_CAPTURED } from '../../events/repository.ts'
import { answerAttempt } from '../../idempotency/repository.ts'
import { book } from '../../ledger/repository.ts'
import type { ReceivedEvent } from '../../webhooks/domain/webhook-event.ts'
import { insertEvent } from '../../webhooks/repository.ts'
import { type Intent, outcomeOf } from '../domain/outcome.ts'
import type { Payment } from '../domain/payment.ts'
import { toPayment } from './rows.ts'

/** What Stripe reports about a payment: in a reply, a webhook or a look-up. */
export type Observation = Omit<Intent, 'paymentId'> & {
  paymentId: PaymentId
  /** When Stripe was in that state. */
  observedAt: Date
  /** The attempt that this is the reply to, and which it ends; null for a webhook. */
  attempt: number | null
}

/** The payment as it is now. `announced`: this call wrote an event for orders; `captured`: that of the capture. */
export type RecordedState = { payment: Payment; captured: boolean; announced: boolean }

export const paymentStates = (db: Db) => ({
  /**
   * The one place where a payment's state changes, whoever reports it. One statement records the webhook event (if it is
   * one), moves the state, books a capture, writes the event for orders to the outbox, and answers the idempotency key
   * of the attempt; all or nothing. One round trip.
   *
   * The state only moves forward: nothing leaves `succeeded`, only a capture leaves `canceled`, and among open states an
   * older report changes nothing; of two of the same instant (webhooks have whole seconds) the one further on stays. So
   * reports may come in any order. A webhook event seen before, or one whose amount, currency or PaymentIntent
   * contradicts what is recorded, changes nothing either.
   *
   * @returns undefined when there is no such payment
   */
  async recordState(seen: Observation, event?: ReceivedEvent): Promise<RecordedState | undefined> {
    try {
      return await moveState(db, seen, event, false)
    } catch (error) {
      // Money for a payment that was canceled and replaced: a second payment of its order, which gets refunded.
      if (!isUniqueViolation(error, 'payments_one_per_order')) throw error
      return moveState(db, seen, event, true)
    }
  },
})

async function moveState(
  db: Db,
  seen: Observation,
  event: ReceivedEvent | undefined,
  duplicate: boolean,
): Promise<RecordedState | undefined> {
  const now = sql`${(event?.receivedAt ?? seen.observedAt).toISOString()}::timestamptz`
  const matches = matchesPayment(seen)
  const isFirst = event === undefined ? sql`true` : sql`exists (select from event)`
  const move = db.execute<{ kind: string }>(sql`
    with ${event === undefined ? sql.empty() : sql`event as (${recordEvent(event, seen, matches)}),`}
    ${seen.attempt === null ? sql.empty() : sql`answered as (${answerAttempt({ ...seen, attempt: seen.attempt }, outcomeOf(seen))}),`}
    moved as (
      update ${payments} p set ${changes(seen, duplicate)}, updated_at = ${now}, version = p.version + 1
      where ${matches} and ${isForward(seen)} and ${isFirst}
      returning p.id, p.order_id, p.amount, p.captured_amount, p.currency, p.state, p.authorized_at
    ),
    booked as (${book('captured', {
      from: sql`moved where state = 'succeeded'`,
      about: sql`id`,
      at: now,
      amount: sql`captured_amount`,
      currency: sql`currency`,
      paymentId: sql`id`,
    })})
    ${announce(now)}`)
  // A statement does not see what it has written itself; the next one of the transaction does.
  const read = db.select().from(payments).where(eq(payments.id, seen.paymentId))
  const [moved, [payment]] = await db.batch([move, read])
  const kind = moved.rows[0]?.kind
  return payment && { payment: toPayment(payment), captured: kind === PAYMENT_CAPTURED, announced: kind !== undefined }
}

/** Writes what orders has to be told of the move, once for a payment and kind. */
function announce(now: SQL): SQL {
  return sql`
    insert into ${paymentsOutbox} (kind, key, payload, created_at, next_attempt_at)
    select case state when 'succeeded' then ${PAYMENT_CAPTURED} when 'canceled' then ${PAYMENT_AUTHORIZATION_LOST}
                      else ${PAYMENT_AUTHORIZED} end,
           id,
           jsonb_build_object('orderId', order_id, 'paymentId', id)
             || case when state = 'canceled' then '{}' else jsonb_build_object('amount', amount, 'currency', currency) end
             || case when state = 'succeeded' then jsonb_build_object('captured', captured_amount) else '{}' end,
           ${now}, ${now} + interval '10 seconds'
    from moved
    where state in ('succeeded', 'requires_capture') or (state = 'canceled' and authorized_at is not null)
    on conflict (kind, key) do nothing
    returning kind`
}

function matchesPayment(seen: Observation): SQL {
  return sql`p.id = ${seen.paymentId} and p.amount = ${seen.amount}::bigint and p.currency = ${seen.currency}
    and (p.intent_id is null or p.intent_id = ${seen.intentId})
    and (${seen.state} <> 'succeeded' or ${seen.capturedAmount}::bigint between 1 and p.amount)`
}

/** Open states in the order in which a payment passes them. */
const OPEN_STATES = [
  'starting',
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
] satisfies PaymentState[]
const placeOf = (state: SQL) => sql`array_position(${`{${OPEN_STATES.join()}}`}::text[], ${state})`

function isForward({ state, observedAt }: Observation): SQL {
  if (state === 'succeeded') return sql`p.state <> 'succeeded'`
  if (state === 'canceled') return sql`p.state not in ('succeeded', 'canceled')`
  return sql`p.state not in ('succeeded', 'canceled')
    and (p.observed_at, ${placeOf(sql`p.state`)}) <= (${observedAt.toISOString()}::timestamptz, ${placeOf(sql`${state}::text`)})`
}

function changes(seen: Observation, duplicate: boolean): SQL {
  const isOver = attemptIsOver(seen)
  const observedAt = sql`${seen.observedAt.toISOString()}::timestamptz`
  return sql`
    state = ${seen.state}, intent_id = ${seen.intentId}, client_secret = coalesce(${seen.clientSecret}, p.client_secret),
    decline_code = ${seen.declineCode}, duplicate = p.duplicate or ${duplicate}::boolean, observed_at = ${observedAt},
    captured_amount = ${seen.state === 'succeeded' ? sql`${seen.capturedAmount}::bigint` : sql`p.captured_amount`},
    authorized_at = ${seen.state === 'requires_capture' ? sql`coalesce(p.authorized_at, ${observedAt})` : sql`p.authorized_at`},
    attempt_until = case when ${isOver} then null else p.attempt_until end,
    capture_amount = case when ${isOver} then null else p.capture_amount end`
}

function attemptIsOver(seen: Observation): SQL {
  if (seen.state === 'succeeded' || seen.state === 'canceled') return sql`true`
  return seen.attempt === null ? sql`false` : sql`p.attempt = ${seen.attempt}::int`
}

/** An event that contradicts the payment is stored with a flag that says in what. */
function recordEvent(event: ReceivedEvent, seen: Observation, matches: SQL): SQL {
  const about = sql`from ${payments} p where p.id = ${seen.paymentId}`
  const outcome = sql`coalesce((select case when ${matches} then 'applied' else 'flagged' end ${about}), 'ignored')`
  const flag = sql`(
    select case when ${matches} then null
                when p.currency <> ${seen.currency} then 'another_currency'
                when p.intent_id <> ${seen.intentId} then 'another_intent' else 'another_amount' end ${about})`
  return insertEvent({ ...event, intentId: seen.intentId }, outcome, flag)
}
