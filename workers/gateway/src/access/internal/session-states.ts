import type { SessionId, UserId } from '@shop/kernel/ids'
import { Lru } from '../../caching/domain/lru.ts'

/** How long a read may rely on an answer. */
export const READS_RELY_MS = 60_000
/** About a megabyte. */
const MOST_SESSIONS = 10_000

/** @throws Unavailable when the object does not answer in time */
export type AskIsEnded = (session: { userId: UserId; sessionId: SessionId }) => Promise<boolean>

export type SessionStates = {
  /** @param isWrite asks for this request; a read may rely on what was answered in the last minute */
  isEnded(session: { userId: UserId; sessionId: SessionId }, isWrite: boolean): Promise<boolean>
}

/**
 * Whether sessions have ended, as their users' objects say, kept in the isolate. An ended session stays ended.
 *
 * Each request that needs an answer asks for itself: one that waited for another request's call would hang when that
 * request is cancelled.
 */
export function sessionStates({ ask, now }: { ask: AskIsEnded; now: () => number }): SessionStates {
  const known = new Lru<{ isEnded: boolean; askedAt: number }>({ entries: MOST_SESSIONS, weight: MOST_SESSIONS })
  return {
    async isEnded(session, isWrite) {
      // A time of the asking and not of the answer, which may have been on its way for a while.
      const askedAt = now()
      const answer = known.get(session.sessionId)
      if (answer?.isEnded) return true
      if (!isWrite && answer !== undefined && askedAt - answer.askedAt < READS_RELY_MS) return false
      const isEnded = await ask(session)
      known.set(session.sessionId, { isEnded, askedAt }, 1)
      return isEnded
    },
  }
}
