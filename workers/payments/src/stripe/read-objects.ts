import type { PaymentState } from '@shop/contracts/payments/states'
import { type CurrencyCode, isCurrencyCode } from '@shop/kernel/currencies'
import { isId } from '@shop/kernel/ids'
import { fromStripeAmount } from '@shop/kernel/stripe-amount'
import type Stripe from 'stripe'
import type { Intent } from '../payments/domain/outcome.ts'
import type { ListedIntent } from '../reconciliation/domain/compare.ts'
import type { RefundReport } from '../refunds/domain/refund.ts'

const STATES: Record<string, Exclude<PaymentState, 'starting'>> = {
  requires_payment_method: 'requires_payment_method',
  requires_confirmation: 'requires_confirmation',
  requires_action: 'requires_action',
  requires_capture: 'requires_capture',
  processing: 'processing',
  succeeded: 'succeeded',
  canceled: 'canceled',
}

/** ISO minor units of an amount in Stripe's unit; undefined for a part of a minor unit, which no shop asks for. */
export function shopAmount(minor: number, currency: CurrencyCode): number | undefined {
  const amount = fromStripeAmount({ minor, currency })
  return Number.isInteger(amount) ? amount : undefined
}

/** @returns undefined for an intent in a currency or a state, or of an amount, that this shop never asks for */
export function readIntent(intent: Stripe.PaymentIntent): Intent | undefined {
  const currency: string = intent.currency.toUpperCase()
  const state = STATES[intent.status]
  if (!isCurrencyCode(currency) || state === undefined) return undefined
  const amount = shopAmount(intent.amount, currency)
  const capturedAmount = shopAmount(intent.amount_received ?? 0, currency)
  if (amount === undefined || capturedAmount === undefined) return undefined
  const paymentId = intent.metadata?.payment_id ?? ''
  // The rest of an authorization was released: what was captured of it before stays.
  const isReleased = state === 'canceled' && capturedAmount > 0
  return {
    intentId: intent.id,
    paymentId: isId('payment', paymentId) ? paymentId : null,
    amount,
    capturedAmount,
    currency,
    state: isReleased ? 'succeeded' : state,
    clientSecret: intent.client_secret ?? null,
    declineCode: declineCode(intent.last_payment_error),
    declinedCharge: intent.last_payment_error?.charge ?? null,
  }
}

/** The same for an intent that was listed with its `latest_charge` expanded. */
export function readListedIntent(found: Stripe.PaymentIntent): ListedIntent | undefined {
  const intent = readIntent(found)
  if (intent === undefined) return undefined
  const charge = typeof found.latest_charge === 'string' ? null : found.latest_charge
  const minor = charge && charge.amount_captured > 0 ? charge.amount_refunded : 0
  return { ...intent, refunded: fromStripeAmount({ minor, currency: intent.currency }) }
}

/** The bank's reason; Stripe's where the bank gave none. */
export function declineCode(error: { decline_code?: string; code?: string } | null | undefined): string | null {
  return error?.decline_code || error?.code || null
}

/**
 * @returns undefined for a refund in a currency, or of an amount, that this shop never asks for, and for one that returned no money:
 * API versions before 2025-03-31 list what a canceled or partly captured authorization releases as a refund without a
 * balance transaction.
 * Source: https://support.stripe.com/questions/changes-to-balance-transaction-behavior-for-partial-capture-and-payment-cancellation-flows
 */
export function readRefund(refund: Stripe.Refund): RefundReport | undefined {
  const currency: string = refund.currency.toUpperCase()
  const refundId = refund.metadata?.refund_id ?? ''
  const isOurs = isId('refund', refundId)
  const state = refundState(refund.status)
  const isRelease = state === 'succeeded' && refund.balance_transaction === null && !isOurs
  if (!isCurrencyCode(currency) || isRelease) return undefined
  const amount = shopAmount(refund.amount, currency)
  if (amount === undefined) return undefined
  return {
    stripeRefundId: refund.id,
    refundId: isOurs ? refundId : null,
    intentId: typeof refund.payment_intent === 'string' ? refund.payment_intent : (refund.payment_intent?.id ?? null),
    amount,
    currency,
    state,
    failure: state === 'failed' ? (refund.failure_reason ?? refund.status) : null,
  }
}

function refundState(status: string | null): RefundReport['state'] {
  if (status === 'succeeded') return 'succeeded'
  return status === 'failed' || status === 'canceled' ? 'failed' : 'pending'
}
