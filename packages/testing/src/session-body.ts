import type { Role } from '@shop/kernel/caller'

/** An account on the wire. */
export type UserBody = {
  id: string
  email: string
  email_verified: boolean
  name: string | null
  locale: string | null
  phone: string | null
  marketing_consent: boolean
  role: Role
  created_at: string
  version: number
  /** Where staff see one account. */
  customer_groups?: { id: string; name: string }[]
}

/** A group of accounts on the wire. */
export type CustomerGroupBody = { id: string; name: string; metadata: Record<string, string>; version: number }

/** A note of staff about an account on the wire. */
export type CustomerNoteBody = { id: string; text: string; author_id: string; created_at: string }

/** The answer of a sign-in on the wire. */
export type SessionBody = {
  message: string
  user: UserBody
  token: string
  refresh_token: string
  expires_in: number
}

/** An address of an address book on the wire. */
export type AddressBody = {
  id: string
  line1: string
  country: string
  is_default_shipping: boolean
  is_default_billing: boolean
  version: number
}

/** A session as its owner sees it, on the wire. */
export type ListedSessionBody = {
  id: string
  device: string | null
  place: string | null
  current: boolean
  created_at: string
  last_seen_at: string
  expires_at: string
}
