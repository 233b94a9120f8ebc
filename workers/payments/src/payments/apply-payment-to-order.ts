import type { Receipt } from '@shop/contracts/events/delivery'
import type { PaymentsReceipt } from '@shop/contracts/orders/rpc'
import { isId, type PaymentId } from '@shop/kernel/ids'
import type { PaymentsDeps } from '../deps.ts'
import type { PaymentStateEvent } from '../events/domain/order-events.ts'
import { settleAfterAnswer, tellOrders, unavailable } from '../events/tell-orders.ts'
import { type RefundOrderDeps, refundCancelledOrder } from '../refunds/refund-cancelled-order.ts'
import type { PaymentOutcome } from './domain/outcome.ts'
import { cancelAtStripe } from './internal/ask-stripe.ts'

export type OrderDeps = RefundOrderDeps & Pick<PaymentsDeps, 'stripeIntents'>

/** The outcome of a payment at its order, and of the delivery of its event. */
export type Applied = { outcome: PaymentOutcome; receipt: Receipt }

/** Reports a payment's state to orders at once, and carries out its decision. The sweep repeats what fails. */
export async function applyPaymentToOrder(deps: OrderDeps, event: PaymentStateEvent): Promise<PaymentOutcome> {
  const [receipt = unavailable(event.id)] = await tellOrders(deps, [event])
  const applied = await carryOutDecision(deps, event, receipt)
  settleAfterAnswer(deps, applied.receipt)
  return applied.outcome
}

/**
 * Carries out what orders decided about a payment: money that it rejects is refunded, an authorization is voided.
 *
 * What the refund or the void does to the payment is recorded and has its own event, which the sweep delivers: nothing
 * here is settled again.
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
