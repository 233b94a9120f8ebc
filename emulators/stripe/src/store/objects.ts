import type Stripe from 'stripe'

/** Stored objects: Stripe's types with every reference as an id. Answers replace ids by objects only for `expand`. */
export interface PaymentIntent extends Stripe.PaymentIntent {
  customer: string | null
  latest_charge: string | null
  payment_method: string | null
  client_secret: string
  automatic_payment_methods: { enabled: boolean; allow_redirects: 'always' | 'never' } | null
}

export interface Charge extends Stripe.Charge {
  customer: string | null
  payment_intent: string
  payment_method: string
}

export interface Refund extends Stripe.Refund {
  charge: string
  customer: string | null
  payment_intent: string
  payment_method: string
  metadata: Stripe.Metadata
}

export interface PaymentMethod extends Stripe.PaymentMethod {
  customer: string | null
}

export interface Dispute extends Stripe.Dispute {
  charge: string
  payment_intent: string
}

export interface Customer extends Stripe.Customer {
  metadata: Stripe.Metadata
}

export interface SetupIntent extends Stripe.SetupIntent {
  customer: string | null
  payment_method: string | null
}

export interface TaxCalculation extends Stripe.Tax.Calculation {
  id: string
  line_items: Stripe.ApiList<Stripe.Tax.CalculationLineItem>
  /** Not shown. */
  created: number
}

export interface TaxTransaction extends Stripe.Tax.Transaction {
  line_items: Stripe.ApiList<Stripe.Tax.TransactionLineItem>
  /** What it was created from; null for a reversal. Not shown. */
  calculation: string | null
}

export interface Kinds {
  payment_intent: PaymentIntent
  charge: Charge
  refund: Refund
  dispute: Dispute
  payment_method: PaymentMethod
  customer: Customer
  deleted_customer: Stripe.DeletedCustomer & { created: number }
  setup_intent: SetupIntent
  event: Stripe.Event
  'tax.calculation': TaxCalculation
  'tax.transaction': TaxTransaction
}

export type Kind = keyof Kinds
export type StripeObject = Kinds[Kind]
