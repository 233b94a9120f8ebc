import { type CurrencyCode, isCurrencyCode } from '@shop/kernel/currencies'
import type Stripe from 'stripe'
import type { DisputeReport } from '../disputes/domain/dispute.ts'
import { fromStripeAmount } from '../payments/domain/charge-amount.ts'
import type { EventSubject } from '../webhooks/domain/webhook-event.ts'
import { readIntent, readRefund } from './read-objects.ts'

const OTHER = { about: 'other' } as const

/**
 * What an event reports, by the object it carries and not by its name: Stripe has several events for one change, and
 * only the state of the object matters.
 */
export function subjectOf(event: Stripe.Event): EventSubject {
  // The union of all events cannot be narrowed by the kind of their objects.
  const object = event.data.object as { object?: string }
  if (object.object === 'payment_intent') return aboutIntent(object as Stripe.PaymentIntent)
  if (object.object === 'charge') return aboutCharge(object as Stripe.Charge)
  if (object.object === 'refund') return aboutRefund(object as Stripe.Refund)
  if (object.object === 'dispute') return aboutDispute(object as Stripe.Dispute, new Date(event.created * 1_000))
  return OTHER
}

function aboutIntent(found: Stripe.PaymentIntent): EventSubject {
  const intent = readIntent(found)
  return intent === undefined ? OTHER : { about: 'intent', intent }
}

function aboutRefund(found: Stripe.Refund): EventSubject {
  const refund = readRefund(found)
  return refund === undefined ? OTHER : { about: 'refund', refund }
}

/** Of a charge only the refunded amount is read; its PaymentIntent reports the rest. */
function aboutCharge(charge: Stripe.Charge): EventSubject {
  const currency: string = charge.currency.toUpperCase()
  const intentId = idOf(charge.payment_intent)
  if (!isCurrencyCode(currency) || intentId === null || !charge.captured) return OTHER
  const refunded = fromStripeAmount({ minor: charge.amount_refunded, currency })
  return { about: 'charge', charge: { intentId, currency, refunded } }
}

const CLOSED: readonly string[] = ['won', 'lost', 'warning_closed', 'prevented']

function aboutDispute(dispute: Stripe.Dispute, at: Date): EventSubject {
  const currency: string = dispute.currency.toUpperCase()
  const intentId = idOf(dispute.payment_intent)
  if (!isCurrencyCode(currency) || intentId === null) return OTHER
  return { about: 'dispute', dispute: readDispute(dispute, { intentId, currency, at }) }
}

function readDispute(
  dispute: Stripe.Dispute,
  { intentId, currency, at }: { intentId: string; currency: CurrencyCode; at: Date },
): DisputeReport {
  const dueBy = dispute.evidence_details.due_by
  return {
    id: dispute.id,
    intentId,
    amount: fromStripeAmount({ minor: dispute.amount, currency }),
    currency,
    reason: dispute.reason,
    status: dispute.status,
    evidenceDueAt: dueBy === null ? null : new Date(dueBy * 1_000),
    createdAt: new Date(dispute.created * 1_000),
    closedAt: CLOSED.includes(dispute.status) ? at : null,
    // Balance transactions show what moved; an inquiry moves nothing.
    isWithdrawn: dispute.balance_transactions.some(({ amount }) => amount < 0),
    isReinstated: dispute.balance_transactions.some(({ amount }) => amount > 0),
  }
}

function idOf(found: string | { id: string } | null): string | null {
  return typeof found === 'string' ? found : (found?.id ?? null)
}
