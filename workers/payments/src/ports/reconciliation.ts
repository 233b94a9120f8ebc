import type { DiscrepancyKind, Payment } from '@shop/contracts'
import type { PaymentId } from '@shop/kernel'

export type Walk = 'payment_intents' | 'refunds'
/** A step of a walk over what Stripe made from the one instant until before the other. */
export type Step = { walk: Walk; from: Date; until: Date; after: string | null; leasedUntil: Date }
/** A payment, and what the ledger says was captured and given back of it, in minor units. */
export type Books = { payment: Payment; booked: { captured: number; refunded: number } }

/** What comparing with Stripe needs of the database; each call is one trip. */
export type ReconciliationStore = {
  /** Takes the next step, for one caller; undefined when somebody is at it, or none is due. */
  claimStep(
    walk: Walk,
    at: { now: Date; settled: Date; leasedUntil: Date; isAsked: boolean },
  ): Promise<Step | undefined>
  endStep(
    step: Pick<Step, 'walk' | 'leasedUntil'>,
    next: { from: Date; after: string | null; nextAt: Date },
  ): Promise<void>
  booksOf(ids: PaymentId[]): Promise<Books[]>
  /** By Stripe's id; what is not kept here is left out. */
  refundStates(stripeRefundIds: string[]): Promise<Map<string, string>>
  /** Closes differences of those kinds that were looked for and are no more. */
  resolveDiscrepancies(looked: {
    subjects: string[]
    kinds: DiscrepancyKind[]
    still: { subject: string; kind: DiscrepancyKind }[]
    now: Date
  }): Promise<void>
}
