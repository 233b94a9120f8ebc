import type { PaymentId } from '@shop/kernel'
import type { PaymentsDeps } from '../deps.ts'
import { confirmAfterAnswer } from '../events/confirm-after-answer.ts'
import type { ExecuteDeps } from '../refunds/internal/execute-refund.ts'
import { refundCancelledOrder } from '../refunds/refund-cancelled-order.ts'
import type { PaymentAnnouncement, PaymentOutcome } from './domain/outcome.ts'
import { cancelAtStripe } from './internal/cancel-at-stripe.ts'

export type OrderDeps = ExecuteDeps & Pick<PaymentsDeps, 'stripeIntents'>

const PENDING = { kind: 'pending' } as const

/**
 * Tells orders what became of a payment, and carries out what orders decided. Telling it twice has the same effect and
 * answer. Without an answer the event stays in the outbox, and the sweep tells orders again.
 *
 * What the refund or the void does to the payment is recorded, and the sweep tells orders of it if it has to know:
 * nothing here is settled again.
 */
export async function applyPaymentToOrder(deps: OrderDeps, announcement: PaymentAnnouncement): Promise<PaymentOutcome> {
  switch (announcement.kind) {
    case 'captured':
      return applyCapture(deps, announcement)
    case 'authorized':
      return applyAuthorization(deps, announcement)
    case 'authorization_lost': {
      const applied = await deps.orders.applyAuthorizationLost(announcement.payment)
      if (applied.ok) confirm(deps, announcement)
      return { kind: 'reversed' }
    }
  }
}

type Announced<K> = Extract<PaymentAnnouncement, { kind: K }>

async function applyCapture(deps: OrderDeps, announcement: Announced<'captured'>): Promise<PaymentOutcome> {
  const { payment } = announcement
  const applied = await deps.orders.applyCapture(payment)
  // Includes an order that does not exist: no payment is made without one, so a person has to look into it.
  if (!applied.ok) return PENDING
  if (applied.value.outcome === 'paid') {
    confirm(deps, announcement)
    return { kind: 'paid' }
  }
  await refundCancelledOrder(deps, payment.paymentId)
  return { kind: 'reversed' }
}

async function applyAuthorization(deps: OrderDeps, announcement: Announced<'authorized'>): Promise<PaymentOutcome> {
  const { payment } = announcement
  const applied = await deps.orders.applyAuthorization(payment)
  if (!applied.ok) return PENDING
  if (applied.value.outcome === 'void' && !(await voidAuthorization(deps, payment.paymentId))) return PENDING
  confirm(deps, announcement)
  return applied.value.outcome === 'void' ? { kind: 'reversed' } : { kind: 'authorized' }
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

function confirm(deps: OrderDeps, { kind, payment }: PaymentAnnouncement): void {
  confirmAfterAnswer(deps, { kind, key: payment.paymentId })
}
