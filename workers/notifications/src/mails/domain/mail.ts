import type { MailTemplate } from '@shop/contracts/notifications/states'
import type { MailId } from '@shop/kernel/ids'

/** The services whose events have mails. Those of accounts come first: people wait for them. */
export const EVENT_SOURCES = ['users', 'orders', 'payments', 'catalog', 'notifications'] as const
export type EventSourceName = (typeof EVENT_SOURCES)[number]

/** What makes a mail one mail, however often its event is delivered. */
export type MailIdentity = {
  source: EventSourceName
  occasion: string
  template: MailTemplate
  /** `customer`, or the account of staff: not the address, which may change before the mail is sent. */
  recipient: string
}

/** A mail to write down before it is sent. */
export type NewMail = MailIdentity & { id: MailId; eventId: number; addressHash: string }

/**
 * What came of the claim on a mail: it is this sender's now; its address gets no mail; it was ended before; or another
 * sender has it.
 */
export type Claim = { state: 'claimed'; id: MailId } | { state: 'suppressed' | 'ended' | 'busy' }

/** How the attempt to send a mail ended. `retry`: it is sent again later. */
export type Settlement =
  | { status: 'sent'; providerId: string | undefined }
  | { status: 'failed'; failure: string }
  | { status: 'retry'; failure: string }

/** The same for the same mail, at most 256 characters: the idempotency key at the provider. */
export const keyOf = ({ source, occasion, template, recipient }: MailIdentity): string =>
  `${source}/${occasion}/${template}/${recipient}`

/** An outgoing mail, complete. */
export type OutgoingMail = { to: string; subject: string; html: string; text: string; key: string }
