import { ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'
import type { ReceivedEvent } from '../webhooks/domain/webhook-event.ts'
import { applyPaymentToOrder, type OrderDeps } from './apply-payment-to-order.ts'
import {
  type CallFailure,
  type Intent,
  intentOf,
  outcomeOf,
  type SettledPayment,
  type StripeAnswer,
} from './domain/outcome.ts'
import type { Payment } from './domain/payment.ts'
import type { Observation } from './repository/state.ts'

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
