import type { EventFlag } from '@shop/contracts/payments/states'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { DisputeReport } from '../../disputes/domain/dispute.ts'
import type { Intent } from '../../payments/domain/outcome.ts'
import type { RefundReport } from '../../refunds/domain/refund.ts'

/** How much of a charge was refunded in all; amounts in minor units. */
export type ChargeReport = { intentId: string; currency: CurrencyCode; refunded: number }

/** The object that an event reports on. `other` is anything that this shop does not handle. */
export type EventSubject =
  | { about: 'intent'; intent: Intent }
  | { about: 'charge'; charge: ChargeReport }
  | { about: 'refund'; refund: RefundReport }
  | { about: 'dispute'; dispute: DisputeReport }
  | { about: 'other' }

export type ObjectKind = 'payment_intent' | 'charge' | 'refund' | 'dispute'
/** Names an object at Stripe. */
export type ObjectReference = { kind: ObjectKind; id: string }

/**
 * What an event says about its object.
 *
 * - `reference`: only which one it is, or more in a shape that cannot be read. The object has to be retrieved.
 * - `unreadable`: not even that.
 */
export type ReportedSubject = EventSubject | ({ about: 'reference' } & ObjectReference) | { about: 'unreadable' }

/** A signed body that is no JSON. */
export type MalformedBody = { code: 'malformed_json' }

/** An event with a valid signature. One with a flag is not meant for this shop and must change nothing. */
export type WebhookEvent = {
  id: string
  type: string
  createdAt: Date
  payload: unknown
  flag: EventFlag | null
  subject: ReportedSubject
}

export type ReceivedEvent = Omit<WebhookEvent, 'flag' | 'subject'> & { receivedAt: Date }

/** The outcome of an event: it was applied, there was nothing to do, or it contradicts the records. */
export type EventOutcome = { outcome: 'applied' | 'ignored'; flag: null } | { outcome: 'flagged'; flag: EventFlag }

export const APPLIED: EventOutcome = { outcome: 'applied', flag: null }
export const IGNORED: EventOutcome = { outcome: 'ignored', flag: null }
export const flagged = (flag: EventFlag): EventOutcome => ({ outcome: 'flagged', flag })

export type StoredEvent = ReceivedEvent & EventOutcome & { intentId: string | null }

/** A flagged event, for staff. */
export type FlaggedEvent = {
  id: string
  type: string
  flag: EventFlag
  intentId: string | null
  createdAt: Date
  receivedAt: Date
}

/** The PaymentIntent that an event is about; null where it names none. */
export function intentIdOf(subject: ReportedSubject): string | null {
  switch (subject.about) {
    case 'intent':
      return subject.intent.intentId
    case 'charge':
      return subject.charge.intentId
    case 'refund':
      return subject.refund.intentId
    case 'dispute':
      return subject.dispute.intentId
    case 'reference':
      return subject.kind === 'payment_intent' ? subject.id : null
    case 'unreadable':
    case 'other':
      return null
  }
}
