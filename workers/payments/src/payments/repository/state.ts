import type { PaymentState } from '@shop/contracts/payments/states'
import { askAll, type Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { payments } from '@shop/db/schema/payments'
import { statement } from '@shop/db/statement'
import type { PaymentId } from '@shop/kernel/ids'
import { type SQL, sql } from 'drizzle-orm'
import { isPaymentStateEvent, type PaymentStateEvent, type WrittenEvent } from '../../events/domain/order-events.ts'
import { EVENT_OF_PAYMENT, paymentEventCtes, toWrittenEvent, type WrittenEventRow } from '../../events/repository.ts'
import { answerAttempt } from '../../idempotency/repository.ts'
import { book } from '../../ledger/repository.ts'
import { recordSales } from '../../taxes/repository.ts'
import type { ReceivedEvent } from '../../webhooks/domain/webhook-event.ts'
import { insertEvent } from '../../webhooks/repository.ts'
import { type Intent, outcomeOf } from '../domain/outcome.ts'
import type { Payment } from '../domain/payment.ts'
import { recordDecline } from './declines.ts'
import { toPaymentFromJson } from './rows.ts'

/** A report by Stripe about a payment: in a reply, a webhook or a look-up. */
export type Observation = Omit<Intent, 'paymentId'> & {
  paymentId: PaymentId
  /** When Stripe was in that state. */
  observedAt: Date
  /** The attempt whose reply this is, and which it ends; null for a webhook. */
  attempt: number | null
}

/** The payment as it is now, and the event of its state for orders, if it has one. `isNew`: this call wrote it. */
export type RecordedState = {
  payment: Payment
  announcement: WrittenEvent<PaymentStateEvent> | undefined
  isNew: boolean
}

export const paymentStates = (db: Db) => ({
  /**
   * The only place where a payment's state changes, for every reporter. One statement records the webhook event (if it is
   * one), moves the state, counts a decline, books a capture, writes the shop's event, and answers the idempotency key of
   * the attempt; all or nothing. One round trip.
   *
   * The state only moves forward: nothing leaves `succeeded`, only a capture leaves `canceled`, and among open states an
   * older report changes nothing; of two of the same instant (webhooks have whole seconds) the one further on stays. The captured
   * amount only grows, so a report of more is the newer one. So reports may come in any order. A webhook event seen before, or one
   * whose amount, currency or PaymentIntent contradicts what is recorded, changes nothing either.
   *
   * @returns undefined when there is no such payment
   */
  async recordState(seen: Observation, event?: ReceivedEvent): Promise<RecordedState | undefined> {
    try {
      return await moveState(db, seen, event, false)
    } catch (error) {
      // Money for a payment that was canceled and replaced: a second payment of its order, which gets refunded.
      if (!isUniqueViolation(error, 'payments_one_per_charge')) throw error
      return moveState(db, seen, event, true)
    }
  },

  /** The event by which orders was told, or is to be told, of a payment's state; undefined if there is none. */
  async announcementOf(paymentId: PaymentId): Promise<WrittenEvent<PaymentStateEvent> | undefined> {
    const [[found] = []] = await askAll(db, [read({ paymentId })])
    if (found === undefined) return undefined
    // The column is one that `read` names.
    const { event } = found as { event: WrittenEventRow }
    return toWrittenEvent<PaymentStateEvent>(event, isPaymentStateEvent)
  },
})

async function moveState(
  db: Db,
  seen: Observation,
  event: ReceivedEvent | undefined,
  duplicate: boolean,
): Promise<RecordedState | undefined> {
  const { observedAt, ...reported } = seen
  const { paymentId } = seen
  const [announced = [], [found] = []] = await askAll(db, [
    move({
      ...reported,
      duplicate,
      observedAt: observedAt.toISOString(),
      now: (event?.receivedAt ?? seen.observedAt).toISOString(),
      answer: JSON.stringify(outcomeOf(seen)),
      eventId: event?.id ?? null,
      eventType: event?.type ?? null,
      eventPayload: event === undefined ? null : JSON.stringify(event.payload),
      eventCreatedAt: event?.createdAt.toISOString() ?? null,
      eventReceivedAt: event?.receivedAt.toISOString() ?? null,
    }),
    // A statement does not see what it has written itself; the next one of the transaction does.
    read({ paymentId }),
  ])
  if (found === undefined) return undefined
  // The columns are those that `read` names.
  const { payment, event: row } = found as { payment: Record<string, unknown>; event: WrittenEventRow }
  const announcement = toWrittenEvent<PaymentStateEvent>(row, isPaymentStateEvent)
  return { payment: toPaymentFromJson(payment), announcement, isNew: announced.length > 0 }
}

type MoveValues = {
  paymentId: string
  intentId: string
  amount: number
  capturedAmount: number
  currency: string
  state: string
  clientSecret: string | null
  declineCode: string | null
  declinedCharge: string | null
  attempt: number | null
  duplicate: boolean
  observedAt: string
  now: string
  answer: string
  eventId: string | null
  eventType: string | null
  eventPayload: string | null
  eventCreatedAt: string | null
  eventReceivedAt: string | null
}
const p = (name: keyof MoveValues) => sql.placeholder(name)

const read = statement<{ paymentId: string }>(
  () => sql`
    select to_jsonb(p) as payment, ${EVENT_OF_PAYMENT} as event from ${payments} p where p.id = ${sql.placeholder('paymentId')}`,
)

const MATCHES = sql`(p.amount = ${p('amount')}::bigint and p.currency = ${p('currency')}
  and (p.intent_id is null or p.intent_id = ${p('intentId')})
  and (${p('state')}::text <> 'succeeded' or ${p('capturedAmount')}::bigint between 1 and p.amount))`

/** Open states in the order in which a payment passes them. */
const OPEN_STATES = [
  'starting',
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'processing',
  'requires_capture',
] satisfies PaymentState[]
const placeOf = (state: SQL) => sql`array_position(${sql.raw(`'{${OPEN_STATES.join()}}'`)}::text[], ${state})`

const IS_FORWARD = sql`case ${p('state')}::text
  when 'succeeded' then p.state <> 'succeeded'
  when 'canceled' then p.state not in ('succeeded', 'canceled')
  else p.state not in ('succeeded', 'canceled')
    and ((p.observed_at, ${placeOf(sql`p.state`)}) <= (${p('observedAt')}::timestamptz, ${placeOf(sql`${p('state')}::text`)})
         or ${p('capturedAmount')}::bigint > p.captured_amount)
  end`

const IS_OVER = sql`(${p('state')}::text in ('succeeded', 'canceled') or p.attempt = ${p('attempt')}::int)`

const CHANGES = sql`
  state = ${p('state')}, intent_id = ${p('intentId')}, client_secret = coalesce(${p('clientSecret')}, p.client_secret),
  decline_code = ${p('declineCode')}, duplicate = p.duplicate or ${p('duplicate')}::boolean,
  observed_at = ${p('observedAt')}::timestamptz, updated_at = ${p('now')}::timestamptz, version = p.version + 1,
  captured_amount = case when ${p('state')}::text in ('succeeded', 'requires_capture')
                         then greatest(p.captured_amount, ${p('capturedAmount')}::bigint) else p.captured_amount end,
  authorized_at = case when ${p('state')}::text = 'requires_capture' then coalesce(p.authorized_at, ${p('observedAt')}::timestamptz)
                       else p.authorized_at end,
  attempt_until = case when ${IS_OVER} then null else p.attempt_until end,
  capture_amount = case when ${IS_OVER} then null else p.capture_amount end`

/** Returns a row if an event for orders was written. */
const move = statement<MoveValues>(
  () => sql`
    with was as (
      select p.id, p.order_id, p.attempt, p.state, p.captured_amount, p.decline_code, ${MATCHES} as is_match,
             case when p.currency <> ${p('currency')} then 'another_currency'
                  when p.intent_id <> ${p('intentId')} then 'another_intent' else 'another_amount' end as difference
      from ${payments} p where p.id = ${p('paymentId')} for update
    ),
    event as (${insertEvent({
      id: sql`${p('eventId')}::text`,
      type: sql`${p('eventType')}::text`,
      intentId: sql`${p('intentId')}::text`,
      outcome: sql`coalesce((select case when is_match then 'applied' else 'flagged' end from was), 'ignored')`,
      flag: sql`(select difference from was where not is_match)`,
      payload: sql`${p('eventPayload')}::jsonb`,
      createdAt: sql`${p('eventCreatedAt')}::timestamptz`,
      receivedAt: sql`${p('eventReceivedAt')}::timestamptz`,
      where: sql`${p('eventId')}::text is not null`,
    })}),
    declined as (${recordDecline({
      from: sql`was where is_match and ${p('declineCode')}::text is not null`,
      charge: sql`${p('declinedCharge')}::text`,
      attempt: sql`${p('attempt')}::int`,
      at: sql`${p('observedAt')}::timestamptz`,
    })}),
    answered as (${answerAttempt({
      paymentId: sql`${p('paymentId')}`,
      attempt: sql`${p('attempt')}::int`,
      outcome: sql`${p('answer')}::jsonb`,
    })}),
    moved as (
      update ${payments} p set ${CHANGES} from was
      where p.id = was.id and was.is_match and ${IS_FORWARD}
        and (${p('eventId')}::text is null or exists (select from event))
      returning p.*, was.state as was_state, was.captured_amount as was_captured, was.decline_code as was_decline_code
    ),
    booked as (${book('captured', {
      from: sql`moved where captured_amount > was_captured`,
      // A further capture is named by what was captured with it.
      about: sql`case when was_captured = 0 then id else id || ':' || captured_amount end`,
      at: sql`updated_at`,
      amount: sql`captured_amount - was_captured`,
      currency: sql`currency`,
      paymentId: sql`id`,
    })}),
    taxed as (${recordSales(sql`(select * from moved where captured_amount > 0)`)}),
    ${paymentEventCtes(
      sql`moved`,
      sql`p.state <> p.was_state or p.captured_amount <> p.was_captured or p.decline_code is distinct from p.was_decline_code`,
      sql`p.was_captured`,
    )}
    select from announced where type in ('payment.authorized', 'payment.captured', 'payment.authorization_lost')`,
)
