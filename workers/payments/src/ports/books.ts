import type { Intent, RefundReport } from '../ports.ts'

/** A part of what Stripe has, made from the one instant until before the other; newest first, after that id. */
export type Stretch = { from: Date; until: Date; after: string | null; limit: number }

/** What is not this shop's is left out. `last` is what the next page comes after; null on the last. */
type Page<T> = { found: T[]; last: string | null }

/** A PaymentIntent, with what has been given back of it, or is on its way back; in ISO minor units. */
export type IntentInBooks = Intent & { refunded: number }

/** What Stripe has, for comparison. Undefined when it does not say. */
export type StripeBooks = {
  refundsOf(intentId: string): Promise<RefundReport[] | undefined>
  intents(stretch: Stretch): Promise<Page<IntentInBooks> | undefined>
  refunds(stretch: Stretch): Promise<Page<RefundReport> | undefined>
}
