import { LOCAL_STRIPE } from '@shop/local-environment/environment'
import type { PaymentIntent, StripeEmulator } from '@shop/stripe-emulator'

/** Confirms a payment as Stripe.js does in a browser: with the client secret and the publishable key. */
export async function confirmInBrowser(stripe: StripeEmulator, clientSecret: string, method: string): Promise<number> {
  const [intentId = ''] = clientSecret.split('_secret_')
  const form = { key: LOCAL_STRIPE.publishableKey, client_secret: clientSecret, payment_method: method }
  const response = await fetch(`${stripe.url}/v1/payment_intents/${intentId}/confirm`, {
    method: 'POST',
    body: new URLSearchParams(form),
  })
  await response.text()
  return response.status
}

/** The PaymentIntents of an order, oldest first. */
export function intentsOf(stripe: StripeEmulator, order: { id: string }): PaymentIntent[] {
  return stripe.paymentIntents().filter((intent) => intent.metadata.order_id === order.id)
}

/** The captured less the refunded amount of an order at Stripe, in Stripe's units. */
export function moneyKept(stripe: StripeEmulator, order: { id: string }): number {
  const intents = intentsOf(stripe, order)
  const ids = new Set(intents.map((intent) => intent.id))
  const captured = intents.reduce((sum, intent) => sum + intent.amount_received, 0)
  const refunded = stripe
    .refunds()
    .filter(({ status }) => status !== 'failed' && status !== 'canceled')
    // A voided authorization never captured money, though Stripe lists its release as a refund.
    .filter(({ status, balance_transaction }) => status !== 'succeeded' || balance_transaction !== null)
    .filter((refund) => typeof refund.payment_intent === 'string' && ids.has(refund.payment_intent))
    .reduce((sum, refund) => sum + refund.amount, 0)
  return captured - refunded
}
