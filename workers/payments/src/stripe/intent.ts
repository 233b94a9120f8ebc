import type { PaymentState } from '@shop/contracts'
import { type CurrencyCode, isCurrencyCode, isId } from '@shop/kernel'
import type Stripe from 'stripe'
import { fromChargeAmount } from '../domain/charge.ts'
import type { Intent } from '../ports.ts'

const STATES: Record<string, Exclude<PaymentState, 'starting'>> = {
  requires_payment_method: 'requires_payment_method',
  requires_confirmation: 'requires_confirmation',
  requires_action: 'requires_action',
  requires_capture: 'requires_capture',
  processing: 'processing',
  succeeded: 'succeeded',
  canceled: 'canceled',
}

/** Reads a PaymentIntent of Stripe's. Null for one in a currency or a state this shop never asks for. */
export function toIntent(intent: Stripe.PaymentIntent): Intent | null {
  const currency: string = intent.currency.toUpperCase()
  const state = STATES[intent.status]
  if (!isCurrencyCode(currency) || state === undefined) return null
  const paymentId = intent.metadata?.payment_id ?? ''
  return {
    intentId: intent.id,
    paymentId: isId('payment', paymentId) ? paymentId : null,
    amount: fromChargeAmount({ minor: intent.amount, currency: currency satisfies CurrencyCode }),
    capturedAmount: fromChargeAmount({ minor: intent.amount_received ?? 0, currency }),
    currency,
    state,
    clientSecret: intent.client_secret ?? null,
    declineCode: declineCode(intent.last_payment_error),
  }
}

/** The bank's reason, or where it gave none, Stripe's. */
export function declineCode(error: { decline_code?: string; code?: string } | null | undefined): string | null {
  return error?.decline_code || error?.code || null
}
