import type { CurrencyCode, Payment, PaymentId, PaymentState } from '@shop/contracts'
import { eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { isUniqueViolation } from '../../errors.ts'
import { payments, paymentsOutbox, stripeEvents } from '../../schema/payments.ts'
import { toPayment } from './rows.ts'

export const PAYMENT_CAPTURED = 'payment.captured'

/** What Stripe says of a payment: from a reply, a webhook or a look-up. */
export type Observation = {
  paymentId: PaymentId
  intentId: string
  amount: number
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

/** The payment as it is now; `captured` is true for the one call that made it succeed. */
export type AppliedState = { payment: Payment; captured: boolean }

/**
 * The one place where a payment's state changes, whoever reports it. One statement: the event (if it is one) is
 * recorded, the state moves, and a capture puts its event into the outbox, all or nothing. One trip.
 *
 * It only moves forward: nothing leaves `succeeded`, only a capture leaves `canceled`, and among open states an older
 * report changes nothing. An event seen before, or one whose amount, currency or PaymentIntent contradicts what is
 * kept, changes nothing either.
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

async function moveState(
  db: Db,
  seen: Observation,
  event: ReceivedEvent | undefined,
  duplicate: boolean,
): Promise<AppliedState | undefined> {
  const now = (event?.receivedAt ?? seen.observedAt).toISOString()
  const observedAt = sql`${seen.observedAt.toISOString()}::timestamptz`
  const matches = sql`p.id = ${seen.paymentId} and p.amount = ${seen.amount}::bigint and p.currency = ${seen.currency}
    and (p.intent_id is null or p.intent_id = ${seen.intentId})`
  const isForward = sql`p.state <> 'succeeded' and (
    ${seen.state} = 'succeeded' or (p.state <> 'canceled' and (${seen.state} = 'canceled' or p.observed_at <= ${observedAt})))`
  const isFirst = event === undefined ? sql`true` : sql`exists (select from event)`
  const apply = db.execute<{ captured: boolean }>(sql`
    with ${event === undefined ? sql.empty() : sql`event as (${recordEvent(event, seen, matches)}),`}
    moved as (
      update ${payments} p set
        state = ${seen.state}, intent_id = ${seen.intentId}, client_secret = coalesce(${seen.clientSecret}, p.client_secret),
        decline_code = ${seen.declineCode}, duplicate = p.duplicate or ${duplicate}::boolean, observed_at = ${observedAt}, updated_at = ${now}::timestamptz,
        attempt_until = case when ${isOver(seen)} then null else p.attempt_until end, version = p.version + 1
      where ${matches} and ${isForward} and ${isFirst}
      returning p.id, p.order_id, p.amount, p.currency, p.state
    ),
    announced as (
      insert into ${paymentsOutbox} (kind, key, payload, created_at, next_attempt_at)
      select ${PAYMENT_CAPTURED}, id,
             jsonb_build_object('orderId', order_id, 'paymentId', id, 'amount', amount, 'currency', currency),
             ${now}::timestamptz, ${now}::timestamptz + interval '10 seconds'
      from moved where state = 'succeeded'
      on conflict (kind, key) do nothing
      returning key
    )
    select exists (select from announced) as captured`)
  // A statement does not see what it has written itself; the next one of the transaction does.
  const read = db.select().from(payments).where(eq(payments.id, seen.paymentId))
  const [applied, [payment]] = await db.batch([apply, read])
  return payment && { payment: toPayment(payment), captured: applied.rows[0]?.captured ?? false }
}

function isOver(seen: Observation): SQL {
  if (seen.state === 'succeeded' || seen.state === 'canceled') return sql`true`
  return seen.attempt === null ? sql`false` : sql`p.attempt = ${seen.attempt}::int`
}

function recordEvent(event: ReceivedEvent, seen: Observation, matches: SQL): SQL {
  return sql`
    insert into ${stripeEvents} (id, type, intent_id, outcome, payload, created_at, received_at)
    select ${event.id}, ${event.type}, ${seen.intentId},
           case when exists (select from ${payments} p where ${matches}) then 'applied'
                when exists (select from ${payments} p where p.id = ${seen.paymentId}) then 'flagged'
                else 'ignored' end,
           ${JSON.stringify(event.payload)}::jsonb, ${event.createdAt.toISOString()}::timestamptz,
           ${event.receivedAt.toISOString()}::timestamptz
    on conflict (id) do nothing
    returning id`
}

/** Keeps an event that has nothing to do here, once. */
export async function recordIgnoredEvent(db: Db, event: ReceivedEvent): Promise<void> {
  await db
    .insert(stripeEvents)
    .values({ ...event, outcome: 'ignored' })
    .onConflictDoNothing({ target: stripeEvents.id })
}
