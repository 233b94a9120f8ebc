import type { CurrencyCode, PaymentId } from '@shop/kernel'

/** Why an event of Stripe's changed nothing though it was signed: it contradicts what the shop knows. */
export const EVENT_FLAGS = [
  'another_account',
  'another_mode',
  'another_amount',
  'another_currency',
  'another_intent',
] as const
export type EventFlag = (typeof EVENT_FLAGS)[number]

/** An event as it was received, for staff. */
export type FlaggedEvent = {
  id: string
  type: string
  flag: EventFlag
  intentId: string | null
  createdAt: Date
  receivedAt: Date
}

/**
 * A customer's bank has taken money back, or asks about it (`warning_…`).
 * Source: https://docs.stripe.com/api/disputes/object#dispute_object-status
 */
export type Dispute = {
  /** Stripe's. */
  id: string
  paymentId: PaymentId
  /** Minor units. */
  amount: number
  currency: CurrencyCode
  reason: string
  status: string
  /** Until when evidence may be handed in. */
  evidenceDueAt: Date | null
  createdAt: Date
  closedAt: Date | null
}

/** What Stripe and the shop may disagree about. */
export const DISCREPANCIES = [
  'payment_unknown',
  'payment_differs',
  'captured_differs',
  'refunded_differs',
  'ledger_differs',
  'refund_not_booked',
  'refund_returned',
  /** Money that is still here though it was to go back, and nobody was told so when he asked. */
  'refund_failed',
  /** An order has shipped, and the authorization it was to be paid with has ended. */
  'capture_lost',
] as const
export type DiscrepancyKind = (typeof DISCREPANCIES)[number]

/** A difference without one right answer, which a person has to see to. */
export type Discrepancy = {
  id: number
  kind: DiscrepancyKind
  /** Stripe's id of the PaymentIntent or refund it is about. */
  subject: string
  paymentId: PaymentId | null
  /** What each side says, such as `25 USD`; null where it knows nothing of it. */
  stripe: string | null
  shop: string | null
  foundAt: Date
}

/** A card that a customer has saved at Stripe. */
export type SavedMethod = { id: string; brand: string; last4: string; expMonth: number; expYear: number }
