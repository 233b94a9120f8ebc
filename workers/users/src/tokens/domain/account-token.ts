import { addSeconds } from '@shop/kernel/time'

const TOKEN_HOURS = 1

/** A token of a mail before it is saved. Only its id and its SHA-256 are stored. */
export type NewAccountToken = { id: string; hash: string; createdAt: Date; expiresAt: Date }

export function tokenExpiry(now: Date): Date {
  return addSeconds(now, TOKEN_HOURS * 3_600)
}
