import type { PaymentState } from '@shop/contracts'
import { type CurrencyCode, isCurrencyCode, isId } from '@shop/kernel'
import type Stripe from 'stripe'
import { fromStripeAmount } from '../payments/domain/charge-amount.ts'
import type { Intent } from '../payments/domain/outcome.ts'
import type { ListedIntent } from '../reconciliation/domain/compare.ts'

const STATES: Record<string, Exclude<PaymentState, 'starting'>> = {
  requires_payment_method: 'requires_payment_method',
  requires_confirmation: 'requires_confirmation',
  requires_action: 'requires_action',
  requires_capture: 'requires_capture',
  processing: 'processing',
  succeeded: 'succeeded',
  canceled: 'canceled',
}

/** @returns undefined for an intent in a currency or a state that this shop never asks for */
export function readIntent(intent: Stripe.PaymentIntent): Intent | undefined {
  const currency: string = intent.currency.toUpperCase()
  const state = STATES[intent.status]
  if (!isCurrencyCode(currency) || state === undefined) return undefined
  const paymentId = intent.metadata?.payment_id ?? ''
  return {
    intentId: intent.id,
    paymentId: isId('payment', paymentId) ? paymentId : null,
    amount: fromStripeAmount({ minor: intent.amount, currency: currency satisfies CurrencyCode }),
    capturedAmount: fromStripeAmount({ minor: intent.amount_received ?? 0, currency }),
    currency,
    state,
    clientSecret: intent.client_secret ?? null,
    declineCode: declineCode(intent.last_payment_error),
  }
}

/** The same for an intent that was listed with its `latest_charge` expanded. */
export function readListedIntent(found: Stripe.PaymentIntent): ListedIntent | undefined {
  const intent = readIntent(found)
  if (intent === undefined) return undefined
  const charge = typeof found.latest_charge === 'string' ? null : found.latest_charge
  const minor = charge?.captured ? charge.amount_refunded : 0
  return { ...intent, refunded: fromStripeAmount({ minor, currency: intent.currency }) }
}

/** The bank's reason; Stripe's where the bank gave none. */
export function declineCode(error: { decline_code?: string; code?: string } | null | undefined): string | null {
  return error?.decline_code || error?.code || null
}
