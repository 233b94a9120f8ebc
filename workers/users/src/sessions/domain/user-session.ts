import type { SessionId, UserId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import { addSeconds } from '@shop/kernel/time'

const SESSION_DAYS = 30

/** However often it is refreshed, a session ends this long after its sign-in. */
export function sessionExpiry(signedInAt: Date): Date {
  return addSeconds(signedInAt, SESSION_DAYS * 24 * 3_600)
}

/** A session to be saved, with its first refresh token. Of tokens and devices only hashes are stored. */
export type NewSession = {
  id: SessionId
  userId: UserId
  tokenHash: string
  deviceHash: string | undefined
  device: string | undefined
  place: string | undefined
  proof: Proof
  createdAt: Date
  expiresAt: Date
}

/** A session as its owner sees it. */
export type UserSession = {
  id: SessionId
  device: string | undefined
  place: string | undefined
  createdAt: Date
  lastSeenAt: Date
  expiresAt: Date
}
