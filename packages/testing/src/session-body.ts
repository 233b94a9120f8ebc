import type { Role } from '@shop/kernel/caller'

/** An account on the wire. */
export type UserBody = { id: string; email: string; name: string | null; role: Role; created_at: string }

/** The answer of a sign-in on the wire. */
export type SessionBody = {
  message: string
  user: UserBody
  token: string
  refresh_token: string
  expires_in: number
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
