import { isCurrencyCode, isId } from '@shop/kernel'
import type Stripe from 'stripe'
import { fromChargeAmount } from '../domain/charge.ts'
import type { RefundReport } from '../ports.ts'

/**
 * Reads a refund of Stripe's. Null for one in a currency this shop never asks for, and for what is no money given back:
 * a Stripe that lists what a canceled or partly captured authorization lets go of, as it did before API version
 * 2025-03-31, has no balance transaction for it where nothing was taken.
 * Source: https://support.stripe.com/questions/changes-to-balance-transaction-behavior-for-partial-capture-and-payment-cancellation-flows
 */
export function toRefundReport(refund: Stripe.Refund): RefundReport | null {
  const currency: string = refund.currency.toUpperCase()
  const refundId = refund.metadata?.refund_id ?? ''
  const isOurs = isId('refund', refundId)
  const state = refundState(refund.status)
  const isRelease = state === 'succeeded' && refund.balance_transaction === null && !isOurs
  if (!isCurrencyCode(currency) || isRelease) return null
  return {
    stripeRefundId: refund.id,
    refundId: isOurs ? refundId : null,
    intentId: typeof refund.payment_intent === 'string' ? refund.payment_intent : (refund.payment_intent?.id ?? null),
    amount: fromChargeAmount({ minor: refund.amount, currency }),
    currency,
    state,
    failure: state === 'failed' ? (refund.failure_reason ?? refund.status) : null,
  }
}

function refundState(status: string | null): RefundReport['state'] {
  if (status === 'succeeded') return 'succeeded'
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending'
}
