import type {
  Discrepancy,
  DiscrepancyView,
  Dispute,
  DisputeView,
  FlaggedEvent,
  SavedMethod,
  SavedMethodView,
  StripeEventView,
} from '@shop/contracts'
import { toMajor } from '@shop/kernel'

export function toStripeEventView(event: FlaggedEvent): StripeEventView {
  return {
    id: event.id,
    type: event.type,
    flag: event.flag,
    payment_intent: event.intentId,
    created_at: event.createdAt.toISOString(),
    received_at: event.receivedAt.toISOString(),
  }
}

export function toDisputeView(dispute: Dispute): DisputeView {
  return {
    id: dispute.id,
    payment_id: dispute.paymentId,
    amount: toMajor(dispute.amount, dispute.currency),
    currency: dispute.currency,
    reason: dispute.reason,
    status: dispute.status,
    evidence_due_at: dispute.evidenceDueAt?.toISOString() ?? null,
    created_at: dispute.createdAt.toISOString(),
    closed_at: dispute.closedAt?.toISOString() ?? null,
  }
}

export function toDiscrepancyView(found: Discrepancy): DiscrepancyView {
  const { id, kind, subject, paymentId, stripe, shop, foundAt } = found
  return { id, kind, subject, payment_id: paymentId, stripe, shop, found_at: foundAt.toISOString() }
}

export function toSavedMethodView({ id, brand, last4, expMonth, expYear }: SavedMethod): SavedMethodView {
  return { id, brand, last4, exp_month: expMonth, exp_year: expYear }
}
