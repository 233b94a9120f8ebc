export const REFRESH_TOKEN_DAYS = 30

/** For so long after its first use, using a refresh token again is taken for a repeated request, not for a theft. */
export const REPEAT_SECONDS = 10

export function refreshTokenExpiry(now: Date): Date {
  return new Date(now.getTime() + REFRESH_TOKEN_DAYS * 24 * 3_600_000)
}

export type SpentToken = { usedAt: Date | null; expiresAt: Date; sessionEnded: boolean; hasSuccessor: boolean }

/**
 * Judges a refresh token that could not be used.
 *
 * - `repeated`: it was used a moment ago, by a request whose answer may have been lost. The same successor is given
 *   again, so a client that retries stays signed in, and there is never more than one token to go on with.
 * - `stolen`: it was used before that. Two parties have it, and nobody can say which is honest: the session ends.
 * - `refused`: it has expired, or its session has ended already.
 */
export function judgeSpentToken(token: SpentToken, now: Date): 'repeated' | 'stolen' | 'refused' {
  if (token.sessionEnded || token.usedAt === null) return 'refused'
  const age = now.getTime() - token.usedAt.getTime()
  if (age > REPEAT_SECONDS * 1000) return 'stolen'
  return token.hasSuccessor && token.expiresAt > now ? 'repeated' : 'refused'
}
