import { isCurrencyCode, isId } from '@shop/kernel'
import type Stripe from 'stripe'
import { fromStripeAmount } from '../payments/domain/charge-amount.ts'
import type { RefundReport } from '../refunds/domain/refund.ts'

/**
 * @returns undefined for a refund in a currency that this shop never asks for, and for one that returned no money:
 * API versions before 2025-03-31 list what a canceled or partly captured authorization releases as a refund without a
 * balance transaction.
 * Source: https://support.stripe.com/questions/changes-to-balance-transaction-behavior-for-partial-capture-and-payment-cancellation-flows
 */
export function readRefund(refund: Stripe.Refund): RefundReport | undefined {
  const currency: string = refund.currency.toUpperCase()
  const refundId = refund.metadata?.refund_id ?? ''
  const isOurs = isId('refund', refundId)
  const state = stateOf(refund.status)
  const isRelease = state === 'succeeded' && refund.balance_transaction === null && !isOurs
  if (!isCurrencyCode(currency) || isRelease) return undefined
  return {
    stripeRefundId: refund.id,
    refundId: isOurs ? refundId : null,
    intentId: typeof refund.payment_intent === 'string' ? refund.payment_intent : (refund.payment_intent?.id ?? null),
    amount: fromStripeAmount({ minor: refund.amount, currency }),
    currency,
    state,
    failure: state === 'failed' ? (refund.failure_reason ?? refund.status) : null,
  }
}

function stateOf(status: string | null): RefundReport['state'] {
  if (status === 'succeeded') return 'succeeded'
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending'
}
