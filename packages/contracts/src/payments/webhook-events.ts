/**
 * The events that the shop's webhook endpoint asks Stripe for. The payments worker stores and acknowledges any other.
 * Source: https://docs.stripe.com/api/events/types
 */
export const WEBHOOK_EVENTS = [
  'payment_intent.succeeded',
  'payment_intent.payment_failed',
  'payment_intent.canceled',
  'payment_intent.processing',
  'payment_intent.amount_capturable_updated',
  'charge.refunded',
  'charge.dispute.created',
  'charge.dispute.closed',
  'refund.updated',
  'refund.failed',
] as const
