import type Stripe from 'stripe'

/**
 * Objects as they are kept: Stripe's own types, with every reference as an id. Answers replace ids by objects only
 * where `expand` asks for it.
 */
export interface PaymentIntent extends Stripe.PaymentIntent {
  latest_charge: string | null
  payment_method: string | null
  client_secret: string
  automatic_payment_methods: { enabled: boolean; allow_redirects: 'always' | 'never' } | null
}

export interface Charge extends Stripe.Charge {
  payment_intent: string
}

export interface Refund extends Stripe.Refund {
  charge: string
  payment_intent: string
  metadata: Stripe.Metadata
}

export interface Kinds {
  payment_intent: PaymentIntent
  charge: Charge
  refund: Refund
  payment_method: Stripe.PaymentMethod
  event: Stripe.Event
}

export type Kind = keyof Kinds
export type StripeObject = Kinds[Kind]
