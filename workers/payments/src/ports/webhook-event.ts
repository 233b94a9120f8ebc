import type { Dispute, EventFlag } from '@shop/contracts'
import type { CurrencyCode } from '@shop/kernel'
import type { Intent, RefundReport } from '../ports.ts'

/** A dispute as Stripe reports it; amount in ISO minor units. */
export type DisputeReport = Omit<Dispute, 'paymentId'> & {
  intentId: string
  /** Whether its money has been taken, and, once the shop has won, given back. */
  isWithdrawn: boolean
  isReinstated: boolean
}

/** How much of a charge has been given back in all; amounts in ISO minor units. */
export type ChargeReport = { intentId: string; currency: CurrencyCode; refunded: number }

/** What an event is about. `other` is whatever this shop has nothing to do with. */
export type News =
  | { about: 'intent'; intent: Intent }
  | { about: 'charge'; charge: ChargeReport }
  | { about: 'refund'; refund: RefundReport }
  | { about: 'dispute'; dispute: DisputeReport }
  | { about: 'other' }

/** An event whose signature is good. With a flag it is not for this shop, and must change nothing. */
export type WebhookEvent = {
  id: string
  type: string
  createdAt: Date
  payload: unknown
  flag: EventFlag | null
  news: News
}
