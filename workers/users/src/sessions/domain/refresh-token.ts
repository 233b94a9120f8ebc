import { addSeconds } from '@shop/kernel/time'

/** Within this time after its first use, a second use of a refresh token counts as a retry, not as a theft. */
export const REPEAT_SECONDS = 10

/** A refresh token that could not be used. */
export type SpentToken = {
  usedAt: Date | undefined
  /** Of its session. */
  expiresAt: Date
  sessionEnded: boolean
  /** Of the session, if its client gave an id of its device when it signed in. */
  deviceHash: string | undefined
  /** The token that was saved when this one was used, if it can be made again. */
  successor: string | undefined
}

/**
 * Judges a refresh token that could not be used.
 *
 * - `repeated`: it was used a moment ago, by a request whose answer may have been lost, and the device that signed in asks
 *   again. The answer is the same successor, so there is never more than one token to continue with.
 * - `refused`: somebody else asks in that time, or the session has ended or expired. That ends nothing: a client without
 *   a device id may have sent the same request twice.
 * - `stolen`: it was used before that time. Two parties have it, and there is no way to tell the owner: the session ends.
 *
 * Source: https://datatracker.ietf.org/doc/html/rfc9700#section-4.14.2
 */
export function judgeSpentToken(
  token: SpentToken,
  asking: { deviceHash: string | undefined; now: Date },
): 'repeated' | 'stolen' | 'refused' {
  if (token.sessionEnded || token.usedAt === undefined || token.expiresAt <= asking.now) return 'refused'
  if (asking.now > addSeconds(token.usedAt, REPEAT_SECONDS)) return 'stolen'
  const isSameDevice = token.deviceHash !== undefined && token.deviceHash === asking.deviceHash
  return isSameDevice && token.successor !== undefined ? 'repeated' : 'refused'
}
