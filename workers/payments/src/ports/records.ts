import type { Discrepancy, Dispute, EventFlag, FlaggedEvent } from '@shop/contracts'
import type { PaymentId, UserId } from '@shop/kernel'
import type { ReceivedEvent } from '../ports.ts'
import type { DisputeReport } from './webhook-event.ts'

export type StoredEvent = ReceivedEvent & {
  intentId: string | null
  outcome: 'applied' | 'ignored' | 'flagged'
  flag: EventFlag | null
}

/** After the row with this key, in the order of the list; undefined from the beginning. */
export type PageAfter<Key> = { after: Key | undefined; limit: number }
export type NewDiscrepancy = Omit<Discrepancy, 'id'>

/** What Stripe has told that is no state of a payment; each call is one trip. */
export type RecordStore = {
  /** Keeps an event, once. */
  keepEvent(event: StoredEvent): Promise<void>
  /** Newest first. */
  flaggedEvents(page: PageAfter<{ receivedAt: string; id: string }>): Promise<FlaggedEvent[]>
  /** Keeps what is said of a dispute of the payment, and the event that says it; an older report changes nothing. */
  applyDispute(
    report: DisputeReport & { paymentId: PaymentId; observedAt: Date },
    event: ReceivedEvent | null,
  ): Promise<void>
  /** Newest first. */
  disputes(page: PageAfter<{ createdAt: string; id: string }>): Promise<Dispute[]>
  disputesOf(paymentId: PaymentId): Promise<Dispute[]>
  /** Who the user is at Stripe. */
  customerOf(userId: UserId): Promise<string | undefined>
  /** Keeps it; what is known already stays. */
  keepCustomer(fresh: { userId: UserId; stripeCustomerId: string; createdAt: Date }): Promise<string>
  /** Keeps a difference, once; one that had been resolved is open again. */
  noteDiscrepancy(found: NewDiscrepancy): Promise<void>
  /** Newest first. */
  openDiscrepancies(page: PageAfter<number>): Promise<Discrepancy[]>
}
