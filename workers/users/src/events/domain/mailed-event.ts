import type { EventType } from '@shop/contracts/events/catalogue'

type StoredToken = { id: string; hash: string }

/** An event of an account with what its mail may need, as it is now. */
export type MailedEvent = {
  id: number
  type: EventType
  email: string
  name: string | null
  locale: string | null
  /** Of the request that the event announced, while it can be used. */
  token: StoredToken | null
  /** Where a change of address leads to, while its token can be used. */
  newEmail: string | null
  /** The address before a change. */
  formerEmail: string | null
}

/** Where the mail of an event goes to, and which token it has; undefined for no mail. */
export function recipientOf(event: MailedEvent): { to: string; token: StoredToken | undefined } | undefined {
  const { type, email, token, newEmail, formerEmail } = event
  switch (type) {
    case 'customer.verification_requested':
    case 'customer.password_reset_requested':
      return token === null ? undefined : { to: email, token }
    case 'customer.email_change_requested':
      return token === null || newEmail === null ? undefined : { to: newEmail, token }
    case 'customer.email_changed':
      return formerEmail === null ? undefined : { to: formerEmail, token: undefined }
    case 'customer.password_changed':
    case 'factor.added':
    case 'factor.removed':
      return { to: email, token: undefined }
    default:
      return undefined
  }
}
