import { type CurrencyCode, isCurrencyCode } from '@shop/kernel'
import type Stripe from 'stripe'
import { fromChargeAmount } from '../domain/charge.ts'
import type { DisputeReport, News } from '../ports/webhook-event.ts'
import { toIntent } from './intent.ts'
import { toRefundReport } from './refund.ts'

const OTHER = { about: 'other' } as const

/**
 * What an event says, by the object it is about: Stripe has several events for one change, and what each says of the
 * object is all that counts.
 */
export function newsOf(event: Stripe.Event): News {
  // Each event's object says what it is; the union of all events cannot be narrowed by that.
  const object = event.data.object as { object?: string }
  if (object.object === 'payment_intent') return aboutIntent(object as Stripe.PaymentIntent)
  if (object.object === 'charge') return aboutCharge(object as Stripe.Charge)
  if (object.object === 'refund') return aboutRefund(object as Stripe.Refund)
  if (object.object === 'dispute') return aboutDispute(object as Stripe.Dispute, new Date(event.created * 1_000))
  return OTHER
}

function aboutIntent(found: Stripe.PaymentIntent): News {
  const intent = toIntent(found)
  return intent === null ? OTHER : { about: 'intent', intent }
}

function aboutRefund(found: Stripe.Refund): News {
  const refund = toRefundReport(found)
  return refund === null ? OTHER : { about: 'refund', refund }
}

/** Of charges only what went back is news: the rest is in their PaymentIntents. */
function aboutCharge(charge: Stripe.Charge): News {
  const currency: string = charge.currency.toUpperCase()
  const intentId = idOf(charge.payment_intent)
  if (!isCurrencyCode(currency) || intentId === null || !charge.captured) return OTHER
  const refunded = fromChargeAmount({ minor: charge.amount_refunded, currency })
  return { about: 'charge', charge: { intentId, currency, refunded } }
}

const CLOSED: readonly string[] = ['won', 'lost', 'warning_closed', 'prevented']

function aboutDispute(dispute: Stripe.Dispute, at: Date): News {
  const currency: string = dispute.currency.toUpperCase()
  const intentId = idOf(dispute.payment_intent)
  if (!isCurrencyCode(currency) || intentId === null) return OTHER
  return { about: 'dispute', dispute: toDisputeReport(dispute, { intentId, currency, at }) }
}

function toDisputeReport(
  dispute: Stripe.Dispute,
  { intentId, currency, at }: { intentId: string; currency: CurrencyCode; at: Date },
): DisputeReport {
  const dueBy = dispute.evidence_details.due_by
  return {
    id: dispute.id,
    intentId,
    amount: fromChargeAmount({ minor: dispute.amount, currency }),
    currency,
    reason: dispute.reason,
    status: dispute.status,
    evidenceDueAt: dueBy === null ? null : new Date(dueBy * 1_000),
    createdAt: new Date(dispute.created * 1_000),
    closedAt: CLOSED.includes(dispute.status) ? at : null,
    // What moved is in the balance; a bank that only asks has moved nothing.
    isWithdrawn: dispute.balance_transactions.some(({ amount }) => amount < 0),
    isReinstated: dispute.balance_transactions.some(({ amount }) => amount > 0),
  }
}

function idOf(found: string | { id: string } | null): string | null {
  return typeof found === 'string' ? found : (found?.id ?? null)
}
