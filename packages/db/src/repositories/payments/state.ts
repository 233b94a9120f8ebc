import type { Payment, PaymentAnswer, PaymentState } from '@shop/contracts'
import type { CurrencyCode, PaymentId } from '@shop/kernel'
import { eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { isUniqueViolation } from '../../errors.ts'
import { prepared } from '../../prepared.ts'
import { payments, paymentsOutbox } from '../../schema/payments.ts'
import { PAYMENT_AUTHORIZATION_LOST, PAYMENT_AUTHORIZED, PAYMENT_CAPTURED } from './events.ts'
import { answerAttempt } from './keys.ts'
import { book } from './ledger.ts'
import { toPayment } from './rows.ts'
import { keepingEvent } from './stripe-events.ts'

/** What Stripe says of a payment: from a reply, a webhook or a look-up. */
export type Observation = {
  paymentId: PaymentId
  intentId: string
  amount: number
  /** What was captured of it, where it has succeeded. */
  capturedAmount: number
  currency: CurrencyCode
  state: Exclude<PaymentState, 'starting'>
  clientSecret: string | null
  declineCode: string | null
  /** When Stripe was in that state. */
  observedAt: Date
  /** The attempt this is the reply to, which is over by it; null for a webhook. */
  attempt: number | null
}

export type ReceivedEvent = { id: string; type: string; payload: unknown; createdAt: Date; receivedAt: Date }

/** The payment as it is now; `captured` is true for the one call that made it succeed, `announced` for any news of it. */
export type AppliedState = { payment: Payment; captured: boolean; announced: boolean }

/**
 * The one place where a payment's state changes, whoever reports it. One statement: the event (if it is one) is
 * recorded, the state moves, a capture is booked, what orders must hear of it goes into the outbox, and the idempotency
 * key that asked for it gets its answer; all or nothing. One trip.
 *
 * It only moves forward: nothing leaves `succeeded`, only a capture leaves `canceled`, and among open states an older
 * report changes nothing; of two of the same instant (webhooks tell whole seconds) the one further on stays. So reports
 * may come in any order. An event seen before, or one whose amount, currency or PaymentIntent contradicts what is kept,
 * changes nothing either.
 *
 * @returns undefined when there is no such payment
 */
export async function applyState(db: Db, seen: Observation, event?: ReceivedEvent): Promise<AppliedState | undefined> {
  try {
    return await moveState(db, seen, event, false)
  } catch (error) {
    // Money came for a payment that was given up and replaced. It is a second one of its order, which sends it back.
    if (!isUniqueViolation(error, 'payments_one_per_order')) throw error
    return moveState(db, seen, event, true)
  }
}

const selectPayment = prepared((db) =>
  db
    .select()
    .from(payments)
    .where(eq(payments.id, sql.placeholder('id'))),
)

async function moveState(
  db: Db,
  seen: Observation,
  event: ReceivedEvent | undefined,
  duplicate: boolean,
): Promise<AppliedState | undefined> {
  const now = sql`${(event?.receivedAt ?? seen.observedAt).toISOString()}::timestamptz`
  const matches = matchesPayment(seen)
  const isFirst = event === undefined ? sql`true` : sql`exists (select from event)`
  const apply = db.execute<{ kind: string }>(sql`
    with ${event === undefined ? sql.empty() : sql`event as (${recordEvent(event, seen, matches)}),`}
    ${seen.attempt === null ? sql.empty() : sql`answered as (${answer(seen, seen.attempt)}),`}
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
    returning kind`)
  // A statement does not see what it has written itself; the next one of the transaction does.
  const read = selectPayment(db, { id: seen.paymentId })
  const [applied, [payment]] = await db.batch([apply, read])
  const kind = applied.rows[0]?.kind
  return payment && { payment: toPayment(payment), captured: kind === PAYMENT_CAPTURED, announced: kind !== undefined }
}

function matchesPayment(seen: Observation): SQL {
  return sql`p.id = ${seen.paymentId} and p.amount = ${seen.amount}::bigint and p.currency = ${seen.currency}
    and (p.intent_id is null or p.intent_id = ${seen.intentId})
    and (${seen.state} <> 'succeeded' or ${seen.capturedAmount}::bigint between 1 and p.amount)`
}

const FURTHER_ON = [
  'starting',
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
] satisfies PaymentState[]
const placeOf = (state: SQL) => sql`array_position(${`{${FURTHER_ON.join()}}`}::text[], ${state})`

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

function answer(seen: Observation, attempt: number): SQL {
  const isDeclined = seen.state === 'requires_payment_method' && seen.declineCode !== null
  const kept: PaymentAnswer = isDeclined
    ? { kind: 'declined', declineCode: seen.declineCode ?? '' }
    : { kind: 'payment' }
  return answerAttempt({ paymentId: seen.paymentId, attempt }, kept)
}

/** An event that contradicts the payment is flagged with what does. */
function recordEvent(event: ReceivedEvent, seen: Observation, matches: SQL): SQL {
  const about = sql`from ${payments} p where p.id = ${seen.paymentId}`
  const outcome = sql`coalesce((select case when ${matches} then 'applied' else 'flagged' end ${about}), 'ignored')`
  const flag = sql`(
    select case when ${matches} then null
                when p.currency <> ${seen.currency} then 'another_currency'
                when p.intent_id <> ${seen.intentId} then 'another_intent' else 'another_amount' end ${about})`
  return keepingEvent({ ...event, intentId: seen.intentId }, outcome, flag)
}
