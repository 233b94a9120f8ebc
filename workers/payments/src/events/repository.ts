import { type EventType, isEventType } from '@shop/contracts/events/catalogue'
import { PAYMENT_STATES } from '@shop/contracts/payments/states'
import { type EventRow, toEvent } from '@shop/db/events/row'
import { eventCtes } from '@shop/db/events/write'
import { paymentsDeliveries, paymentsEventRows, paymentsEvents } from '@shop/db/schema/payments'
import { type SQL, sql } from 'drizzle-orm'

/** The writer of an event for orders delivers it at once; the sweep first tries it later. */
const FIRST_SWEEP_AFTER_SECONDS = 10

const STATE_EVENTS: Partial<Record<(typeof PAYMENT_STATES)[number], EventType>> = {
  starting: 'payment.created',
  requires_capture: 'payment.authorized',
  succeeded: 'payment.captured',
}
const PAYMENT_EVENTS = [...PAYMENT_STATES.map((state) => STATE_EVENTS[state] ?? `payment.${state}`)]
  .concat('payment.authorization_lost')
  .filter(isEventType)

/** The type of the event of a payment `p` that has reached its state. */
const TYPE_OF_STATE = sql.raw(`case p.state
  when 'starting' then 'payment.created'
  when 'requires_capture' then case when p.captured_amount = 0 then 'payment.authorized' else 'payment.captured' end
  when 'succeeded' then 'payment.captured'
  when 'canceled' then case when p.authorized_at is null then 'payment.canceled' else 'payment.authorization_lost' end
  else 'payment.' || p.state end`)

/**
 * Statement part: the CTEs `announced` that write the event of each payment that has reached another state.
 *
 * @param moved a FROM item that returns whole rows of payments, as they are after the change
 * @param where which of the rows have an event
 * @param capturedBefore what was captured of `p` before the change
 */
export const paymentEventCtes = (
  moved: SQL,
  where: SQL = sql`true`,
  capturedBefore: SQL = sql`p.captured_amount`,
): SQL =>
  eventCtes(paymentsEvents, {
    name: 'announced',
    types: PAYMENT_EVENTS,
    rows: sql`
      select ${TYPE_OF_STATE} as type, p.id as key, p.version as sequence, p.updated_at as created_at,
             jsonb_build_object(
               'paymentId', p.id, 'orderId', p.order_id, 'userId', p.user_id, 'state', p.state,
               'captureMethod', p.capture_method, 'chargeNo', p.charge_no, 'amount', p.amount, 'currency', p.currency,
               'capturedAmount', p.captured_amount, 'capturedBefore', ${capturedBefore}, 'refundedAmount', p.refunded_amount, 'declineCode', p.decline_code
             ) as payload
      from ${moved} p where ${where}`,
    firstAttemptAfterSeconds: FIRST_SWEEP_AFTER_SECONDS,
  })

/**
 * Statement part: the CTEs `announced` that write the event of each refund that has reached another state.
 *
 * @param rows selects type, payment_id, version (of the payment), refund_id, order_id, amount, currency, state,
 * captured_amount and at
 */
export const refundEventCtes = (types: readonly EventType[], rows: SQL): SQL =>
  eventCtes(paymentsEvents, {
    name: 'announced',
    types,
    rows: sql`
      select r.type, r.payment_id as key, r.version as sequence, r.at as created_at,
             jsonb_build_object(
               'refundId', r.refund_id, 'paymentId', r.payment_id, 'orderId', r.order_id, 'amount', r.amount,
               'currency', r.currency, 'state', r.state, 'capturedAmount', r.captured_amount) as payload
      from (${rows}) r`,
    firstAttemptAfterSeconds: FIRST_SWEEP_AFTER_SECONDS,
  })

/** Statement part: the CTE `announced` that writes the event of a dispute. @param rows selects whole rows of disputes, type and version */
export const disputeEventCtes = (rows: SQL): SQL =>
  eventCtes(paymentsEvents, {
    name: 'announced',
    types: ['dispute.created', 'dispute.updated', 'dispute.closed'],
    rows: sql`
      select d.type, d.payment_id as key, d.version as sequence, d.observed_at as created_at,
             jsonb_build_object(
               'disputeId', d.id, 'paymentId', d.payment_id, 'amount', d.amount, 'currency', d.currency,
               'reason', d.reason, 'status', d.status) as payload
      from (${rows}) d`,
    firstAttemptAfterSeconds: FIRST_SWEEP_AFTER_SECONDS,
  })

type WrittenRow = EventRow & { is_next: boolean }

/**
 * Statement part: the newest event that a condition selects, as one jsonb value, with `is_next`: no earlier event of its
 * key waits for orders. Null where there is none.
 *
 * The lock on an earlier delivery decides between this transaction and the one that ends the delivery. The first of them to get it
 * makes the other wait: either that one sees the event written here and makes it due, or `is_next` is true.
 *
 * @param condition on the event as `e`
 */
export const newestEvent = (condition: SQL): SQL<WrittenRow | null> => sql`(
  select to_jsonb(e) || jsonb_build_object('is_next', not exists (
    select from ${paymentsDeliveries} d
    where d.consumer = 'orders' and d.key = e.key and d.status = 'pending' and d.event_id < e.id
    order by d.event_id for share))
  from ${paymentsEventRows} e where ${condition} order by e.id desc limit 1)`

/** Statement part: the event of the current state of payment `p`, if it is one for orders. */
export const EVENT_OF_PAYMENT = newestEvent(
  sql`e.key = p.id and e.type = ${TYPE_OF_STATE} and e.type in ('payment.authorized', 'payment.captured', 'payment.authorization_lost')`,
)

export type WrittenEventRow = WrittenRow | null

/** @param isOf narrows the event to what the condition of {@link newestEvent} selects */
export function toWrittenEvent<E>(
  row: WrittenEventRow,
  isOf: (event: ReturnType<typeof toEvent>) => event is E & ReturnType<typeof toEvent>,
) {
  if (row === null) return undefined
  const event = toEvent(row)
  return isOf(event) ? { event, isNext: row.is_next } : undefined
}
