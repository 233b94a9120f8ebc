/**
 * `starting`: Stripe has not answered yet; the others are the states of its PaymentIntent.
 * Source: https://docs.stripe.com/payments/paymentintents/lifecycle
 */
export const PAYMENT_STATES = [
  'starting',
  'requires_payment_method',
  'requires_confirmation',
  'requires_action',
  'requires_capture',
  'processing',
  'succeeded',
  'canceled',
] as const
export type PaymentState = (typeof PAYMENT_STATES)[number]

/**
 * `automatic` charges when the customer pays. The others authorize then: `manual` captures all with the first shipment,
 * `per_shipment` with each shipment what it is worth, where the card allows several captures.
 */
export const CAPTURE_METHODS = ['automatic', 'manual', 'per_shipment'] as const
export type CaptureMethod = (typeof CAPTURE_METHODS)[number]

/** What paid: a card at Stripe, or the gift cards of the order together. */
export const PAYMENT_METHODS = ['card', 'gift_card'] as const
export type PaymentMethod = (typeof PAYMENT_METHODS)[number]

export const REFUND_STATES = ['pending', 'succeeded', 'failed'] as const
export type RefundState = (typeof REFUND_STATES)[number]

/**
 * How a refund reaches the customer.
 *
 * - `card`: by Stripe, to the card that paid.
 * - `gift_cards`: to the gift cards that paid.
 * - `store_credit`: as a new gift card.
 * - `given`: orders has already credited a gift card, by an exchange or a cancellation.
 */
export const REFUND_DESTINATIONS = ['card', 'gift_cards', 'store_credit', 'given'] as const
export type RefundDestination = (typeof REFUND_DESTINATIONS)[number]

/**
 * Why a signed event of Stripe's was not applied: it contradicts what the shop has recorded. `another_shape`: it cannot be
 * read, and names no object that could be retrieved.
 */
export const EVENT_FLAGS = [
  'another_account',
  'another_mode',
  'another_amount',
  'another_currency',
  'another_intent',
  'another_shape',
] as const
export type EventFlag = (typeof EVENT_FLAGS)[number]

/** The kinds of discrepancy between Stripe and the shop. */
export const DISCREPANCIES = [
  'payment_unknown',
  'payment_differs',
  'captured_differs',
  'refunded_differs',
  'ledger_differs',
  'refund_not_booked',
  'refund_returned',
  /** The refund failed, and no caller received the failure. The shop has the money, or a bank because of a dispute. */
  'refund_failed',
  /** An edit or an exchange owes more than other refunds have left of the order's payments. */
  'refund_short',
  /** Money was captured, and staff have skipped the event that tells its order. */
  'capture_skipped',
  /** An order has shipped, and the authorization it was to be paid with has ended. */
  'capture_lost',
  /** Stripe Tax refused to record the tax of a sale or of a refund: the tax report is to be corrected by hand. */
  'tax_not_recorded',
] as const
export type DiscrepancyKind = (typeof DISCREPANCIES)[number]

/** What Stripe Tax records of an order: its sale, what was not captured of it, its refunds, and those that came back. */
export const TAX_RECORD_KINDS = ['sale', 'uncaptured', 'refund', 'refund_returned'] as const
export type TaxRecordKind = (typeof TAX_RECORD_KINDS)[number]

/**
 * The accounts of the payments ledger.
 *
 * - `stripe`: the shop's money at Stripe. Its balance for a payment is the captured amount less the refunded one.
 * - `sales`: what customers paid.
 * - `refunds`: what the shop has decided to refund.
 * - `refunds_due`: the part of it that has not left yet, which pending refunds have reserved.
 * - `disputes`: what banks withdrew while they investigate. `chargebacks`: what they kept.
 * - `gift_cards`: what the shop owes on gift cards; its credit balance is the sum of the cards' balances.
 * - `gift_card_expense`: gift cards that staff issued, and store credit beyond what was paid.
 * - `gift_card_breakage`: balances of expired and voided gift cards.
 */
export const LEDGER_ACCOUNTS = [
  'stripe',
  'sales',
  'refunds',
  'refunds_due',
  'disputes',
  'chargebacks',
  'gift_cards',
  'gift_card_expense',
  'gift_card_breakage',
] as const
export type LedgerAccount = (typeof LEDGER_ACCOUNTS)[number]
