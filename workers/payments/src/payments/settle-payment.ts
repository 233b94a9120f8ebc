import type { Receipt } from '@shop/contracts/events/delivery'
import type { PaymentsReceipt } from '@shop/contracts/orders/rpc'
import { isId, type PaymentId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'
import type { PaymentStateEvent } from '../events/domain/order-events.ts'
import { settleAfterAnswer, tellOrders, unavailable } from '../events/tell-orders.ts'
import { type ExecuteDeps, refundCancelledOrder } from '../refunds/execute-refund.ts'
import type { ReceivedEvent } from '../webhooks/domain/webhook-event.ts'
import {
  type CallFailure,
  type Intent,
  intentOf,
  outcomeOf,
  type PaymentOutcome,
  type SettledPayment,
  type StripeAnswer,
} from './domain/outcome.ts'
import type { Payment } from './domain/payment.ts'
import { cancelAtStripe } from './internal/ask-stripe.ts'
import type { Observation } from './repository/state.ts'

export type OrderDeps = ExecuteDeps & Pick<PaymentsDeps, 'stripeIntents'>
export type SettleDeps = OrderDeps & Pick<PaymentsDeps, 'payments'>

/**
 * Settles what Stripe reports about a payment: in a reply, a webhook, or when the sweep asked.
 *
 * 1. Records the state, in one statement that also writes the event for orders.
 * 2. Tells orders what the state means for it.
 * 3. Carries out what orders decided: a refund or a void.
 *
 * What 2 and 3 leave undone, because orders or Stripe does not answer, the sweep does from the event.
 *
 * @param webhook the event that reports it
 * @returns undefined when there is no such payment
 */
export async function settlePayment(
  deps: SettleDeps,
  seen: Observation,
  webhook?: ReceivedEvent,
): Promise<SettledPayment | undefined> {
  const recorded = await deps.payments.recordState(seen, webhook)
  if (recorded === undefined) return undefined
  const { payment, announcement, isNew } = recorded
  // While a payment is in processing, its order waits for it.
  if (payment.state === 'processing') await deps.orders.extendOrder(payment.orderId)
  // The request that made the attempt waits for the order's decision; a webhook reports only news to orders.
  const isTold = announcement !== undefined && (isNew || seen.attempt !== null)
  if (!isTold) return { payment, outcome: outcomeOf(payment) }
  // The sweep delivers the events of a payment in order.
  const outcome = announcement.isNext ? await applyPaymentToOrder(deps, announcement.event) : PENDING
  return { payment, outcome }
}

const PENDING = { kind: 'pending' } as const

/**
 * Settles what Stripe answered to the payment's attempt. What stays open (an unknown answer) the sweep settles.
 *
 * @param observedAt when Stripe was in the state it reports: when it was asked, for a call that only reads or may be
 * answered from its key; when it answered, for one that acts
 */
export async function settleAnswer(
  deps: SettleDeps,
  payment: Payment,
  answer: StripeAnswer,
  observedAt: Date,
): Promise<Result<SettledPayment, CallFailure>> {
  const intent = intentOf(answer)
  if (answer.kind === 'refused') await deps.payments.endAttempt(payment, deps.now())
  if (!intent.ok) return intent
  const settled = await settleIntent(deps, payment, intent.value, observedAt)
  // The payment may have succeeded after this decline.
  const isDeclined = answer.kind === 'declined' && settled.outcome.kind !== 'paid'
  return ok(isDeclined ? { ...settled, outcome: { kind: 'declined', declineCode: answer.declineCode } } : settled)
}

/** Settles a state of the payment's PaymentIntent. */
export async function settleIntent(
  deps: SettleDeps,
  { id: paymentId, attempt }: Payment,
  intent: Intent,
  observedAt: Date,
): Promise<SettledPayment> {
  const settled = await settlePayment(deps, { ...intent, paymentId, attempt, observedAt })
  if (settled === undefined) throw new Error(`There is no payment ${paymentId}`)
  return settled
}

/** The outcome of a payment at its order, and of the delivery of its event. */
export type Applied = { outcome: PaymentOutcome; receipt: Receipt }

/** Reports a payment's state to orders at once, and carries out its decision. The sweep repeats what fails. */
async function applyPaymentToOrder(deps: OrderDeps, event: PaymentStateEvent): Promise<PaymentOutcome> {
  const receipt = await tellOrders(deps, event)
  const applied = await carryOutDecision(deps, event, receipt)
  settleAfterAnswer(deps, applied.receipt)
  return applied.outcome
}

/**
 * Carries out what orders decided about a payment: money that it rejects is refunded, an authorization is voided.
 *
 * What the refund or the void does to the payment is recorded and has its own event, which is delivered once the delivery of
 * this one is settled: nothing here is settled again.
 */
export async function carryOutDecision(
  deps: OrderDeps,
  event: PaymentStateEvent,
  receipt: PaymentsReceipt,
): Promise<Applied> {
  const { eventId } = receipt
  if (receipt.outcome !== 'done') return { outcome: { kind: 'pending' }, receipt }
  const done: Receipt = { eventId, outcome: 'done' }
  if (event.type === 'payment.authorization_lost') return { outcome: { kind: 'reversed' }, receipt: done }
  const isCaptured = event.type === 'payment.captured'
  if (receipt.decision !== 'rejected') return { outcome: { kind: isCaptured ? 'paid' : 'authorized' }, receipt: done }
  const paymentId = paymentOf(event)
  const isReversed = isCaptured ? await refund(deps, paymentId) : await voidAuthorization(deps, paymentId)
  if (!isReversed) return { outcome: { kind: 'pending' }, receipt: unavailable(eventId) }
  return { outcome: { kind: 'reversed' }, receipt: done }
}

/** Once reserved, the refund continues by itself. */
async function refund(deps: OrderDeps, paymentId: PaymentId): Promise<true> {
  await refundCancelledOrder(deps, paymentId)
  return true
}

/** @returns false when the authorization may still be captured */
async function voidAuthorization(deps: OrderDeps, paymentId: PaymentId): Promise<boolean> {
  const payment = await deps.payments.find(paymentId)
  if (payment?.intentId == null || payment.state !== 'requires_capture') return true
  const canceled = await cancelAtStripe(deps, payment.intentId)
  if (canceled === undefined) return false
  const { intent, observedAt } = canceled
  await deps.payments.recordState({ ...intent, paymentId, attempt: payment.attempt, observedAt })
  return true
}

function paymentOf({ id, payload: { paymentId } }: PaymentStateEvent): PaymentId {
  if (!isId('payment', paymentId)) throw new Error(`Malformed payment of event ${id}`)
  return paymentId
}
