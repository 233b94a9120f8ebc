/**
 * What Stripe is asked to tell the shop. Anything else it is sent, it keeps and acknowledges.
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
export type HandledEventType = (typeof WEBHOOK_EVENTS)[number]
