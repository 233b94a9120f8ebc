import type { Intent, RefundReport } from '../ports.ts'

/** A part of what Stripe has, made from the one instant until before the other; newest first, after that id. */
export type Stretch = { from: Date; until: Date; after: string | null; limit: number }

/** What Stripe has, for comparison. Undefined when it does not say. */
export type StripeBooks = {
  refundsOf(intentId: string): Promise<RefundReport[] | undefined>
  /** `last` is null on the last page. What is not this shop's is left out. */
  intents(stretch: Stretch): Promise<{ found: Intent[]; seen: number; last: string | null } | undefined>
  refunds(stretch: Stretch): Promise<{ found: RefundReport[]; seen: number; last: string | null } | undefined>
}
