import type { CapturedPayment, RefundId } from '@shop/contracts'
import type { Db } from '../../client.ts'
import { claimEvents, confirmEvent, confirmEventByKey, type OutboxEvent, pruneEvents } from '../../outbox.ts'
import { paymentsOutbox } from '../../schema/payments.ts'
import { PAYMENT_REFUNDED, type RefundedPayment } from './refunds.ts'
import { PAYMENT_CAPTURED } from './state.ts'

export * from './attempts.ts'
export * from './refunds.ts'
export * from './state.ts'

export type PaymentEvent =
  | { kind: 'captured'; id: number; payment: CapturedPayment }
  | { kind: 'refunded'; id: number; payment: RefundedPayment }

/** Takes events orders has not confirmed yet; see {@link claimEvents}. */
export async function claimPaymentEvents(db: Db, options: { limit: number; now: Date }): Promise<PaymentEvent[]> {
  const kinds = [PAYMENT_CAPTURED, PAYMENT_REFUNDED]
  return (await claimEvents(db, paymentsOutbox, { kinds, ...options })).map(toPaymentEvent)
}

// Payloads are read back as the statements of this folder wrote them.
function toPaymentEvent({ id, kind, payload }: OutboxEvent): PaymentEvent {
  return kind === PAYMENT_CAPTURED
    ? { kind: 'captured', id, payment: payload as CapturedPayment }
    : { kind: 'refunded', id, payment: payload as RefundedPayment }
}

export async function confirmPaymentEvent(db: Db, id: number, now: Date): Promise<void> {
  await confirmEvent(db, paymentsOutbox, { id, now })
}

/** The same for a capture whose event number is not known, since it was announced a moment ago. */
export async function confirmCapture(db: Db, payment: CapturedPayment, now: Date): Promise<void> {
  await confirmEventByKey(db, paymentsOutbox, { kind: PAYMENT_CAPTURED, key: payment.paymentId, now })
}

/** The same for a refund. */
export async function confirmRefund(db: Db, refundId: RefundId, now: Date): Promise<void> {
  await confirmEventByKey(db, paymentsOutbox, { kind: PAYMENT_REFUNDED, key: refundId, now })
}

export async function prunePayments(db: Db, now: Date): Promise<number> {
  return pruneEvents(db, paymentsOutbox, now)
}
