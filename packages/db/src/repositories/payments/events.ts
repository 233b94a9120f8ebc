import type { AuthorizedPayment, CapturedPayment, RefundedPayment } from '@shop/contracts'
import type { OrderId, PaymentId } from '@shop/kernel'
import type { Db } from '../../client.ts'
import { claimEvents, confirmEvent, confirmEventByKey, type OutboxEvent } from '../../outbox.ts'
import { paymentsOutbox } from '../../schema/payments.ts'

export const PAYMENT_CAPTURED = 'payment.captured'
export const PAYMENT_AUTHORIZED = 'payment.authorized'
export const PAYMENT_AUTHORIZATION_LOST = 'payment.authorization_lost'
export const PAYMENT_REFUNDED = 'payment.refunded'
export const PAYMENT_REFUND_RETURNED = 'payment.refund_returned'

const KINDS = {
  captured: PAYMENT_CAPTURED,
  authorized: PAYMENT_AUTHORIZED,
  authorization_lost: PAYMENT_AUTHORIZATION_LOST,
  refunded: PAYMENT_REFUNDED,
  refund_returned: PAYMENT_REFUND_RETURNED,
} as const

/** What orders must hear of. */
export type PaymentEvent =
  | { kind: 'captured'; id: number; payment: CapturedPayment }
  | { kind: 'authorized'; id: number; payment: AuthorizedPayment }
  | { kind: 'authorization_lost'; id: number; payment: { orderId: OrderId; paymentId: PaymentId } }
  | { kind: 'refunded' | 'refund_returned'; id: number; payment: RefundedPayment }

/** Takes events orders has not confirmed yet; see {@link claimEvents}. */
export async function claimPaymentEvents(db: Db, options: { limit: number; now: Date }): Promise<PaymentEvent[]> {
  const events = await claimEvents(db, paymentsOutbox, { kinds: Object.values(KINDS), ...options })
  return events.map(toPaymentEvent)
}

function toPaymentEvent({ id, kind, payload }: OutboxEvent): PaymentEvent {
  const [name] = Object.entries(KINDS).find(([, stored]) => stored === kind) ?? []
  // Payloads are read back as the statements of this folder wrote them.
  return { kind: name, id, payment: payload } as PaymentEvent
}

export async function confirmPaymentEvent(db: Db, id: number, now: Date): Promise<void> {
  await confirmEvent(db, paymentsOutbox, { id, now })
}

/**
 * The same for an event whose number is not known, since it was announced a moment ago.
 *
 * @param event.key the refund's id for `refunded` and `refund_returned`, else the payment's
 */
export async function confirmAnnounced(
  db: Db,
  event: { kind: PaymentEvent['kind']; key: string; now: Date },
): Promise<void> {
  await confirmEventByKey(db, paymentsOutbox, { ...event, kind: KINDS[event.kind] })
}
