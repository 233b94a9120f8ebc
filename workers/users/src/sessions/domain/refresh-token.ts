import type { SessionId, UserId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import { addSeconds } from '@shop/kernel/time'

/** One refresh token of a session. Only its SHA-256 is stored; all tokens of a session end together. */
export type NewRefreshToken = {
  sessionId: SessionId
  userId: UserId
  tokenHash: string
  expiresAt: Date
  createdAt: Date
  proof: Proof
}

const REFRESH_TOKEN_DAYS = 30

/** Within this time after its first use, a second use of a refresh token counts as a retry, not as a theft. */
export const REPEAT_SECONDS = 10

export function refreshTokenExpiry(now: Date): Date {
  return addSeconds(now, REFRESH_TOKEN_DAYS * 24 * 3_600)
}

/** A refresh token that could not be used. */
export type SpentToken = {
  usedAt: Date | null
  expiresAt: Date
  sessionEnded: boolean
  /** Whether the given successor is the one that was saved when this token was used. */
  hasSuccessor: boolean
}

/**
 * Judges a refresh token that could not be used.
 *
 * - `repeated`: it was used a moment ago, by a request whose answer may have been lost. The answer is the same successor,
 *   so a client that retries stays signed in, and there is never more than one token to continue with.
 * - `stolen`: it was used before that. Two parties have it, and there is no way to tell the owner: the session ends.
 * - `refused`: it has expired, or its session has ended already.
 */
export function judgeSpentToken(token: SpentToken, now: Date): 'repeated' | 'stolen' | 'refused' {
  if (token.sessionEnded || token.usedAt === null) return 'refused'
  if (now > addSeconds(token.usedAt, REPEAT_SECONDS)) return 'stolen'
  return token.hasSuccessor && token.expiresAt > now ? 'repeated' : 'refused'
}
