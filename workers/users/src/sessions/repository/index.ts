import type { Db } from '@shop/db/client'
import { sessions } from '@shop/db/schema/users'
import type { SessionId, UserId } from '@shop/kernel/ids'
import { and, desc, eq, gt, isNull, lt, sql } from 'drizzle-orm'
import type { NewSession, UserSession } from '../domain/user-session.ts'
import { type EndedSession, type Ending, type EndScope, endSessions } from './end.ts'
import { findSpentToken, rotateToken, type SessionOfToken, type SpentTokenRow } from './rotate.ts'
import { type ProvenAccount, startSession } from './start.ts'

const PRUNED_AT_ONCE = 1_000

export type SessionRepository = ReturnType<typeof sessionRepository>

/** The sessions and their refresh tokens in Postgres. Each call is one round trip. */
export const sessionRepository = (db: Db) => ({
  start: (session: NewSession, proven: ProvenAccount): Promise<boolean> => startSession(db, session, proven),

  rotate: (rotation: { tokenHash: string; successorHash: string; now: Date }): Promise<SessionOfToken | undefined> =>
    rotateToken(db, rotation),

  findSpent: (token: { tokenHash: string; successorHashes: string[] }): Promise<SpentTokenRow | undefined> =>
    findSpentToken(db, token),

  end: (scope: EndScope, ending: Ending): Promise<EndedSession[]> => endSessions(db, scope, ending),

  /** Whether a user has had this session, and it would not have expired yet. */
  async has(userId: UserId, id: SessionId): Promise<boolean> {
    const owned = and(eq(sessions.id, id), eq(sessions.userId, userId))
    return (await db.select({ id: sessions.id }).from(sessions).where(owned)).length === 1
  },

  /** The sessions of a user that have not ended, the last sign-in first, through the index sessions_user. */
  async list({
    userId,
    after,
    limit,
    now,
  }: {
    userId: UserId
    after?: SessionId | undefined
    limit: number
    now: Date
  }): Promise<UserSession[]> {
    const live = and(eq(sessions.userId, userId), isNull(sessions.endedAt), gt(sessions.expiresAt, now))
    const rows = await db
      .select({
        id: sessions.id,
        device: sessions.device,
        place: sessions.place,
        createdAt: sessions.createdAt,
        lastSeenAt: sessions.lastSeenAt,
        expiresAt: sessions.expiresAt,
      })
      .from(sessions)
      .where(after === undefined ? live : and(live, lt(sessions.id, after)))
      .orderBy(desc(sessions.id))
      .limit(limit)
    // Only this worker writes session ids, and all of them are TypeIDs.
    return rows.map(({ id, device, place, ...times }) => ({
      id: id as SessionId,
      device: device ?? undefined,
      place: place ?? undefined,
      ...times,
    }))
  },

  /**
   * Deletes sessions that expired before `before` with all their tokens, a thousand at most, through the index
   * sessions_expiry.
   *
   * @returns how many were deleted
   */
  async prune(before: Date): Promise<number> {
    const { rows } = await db.execute(sql`
      delete from ${sessions} where id in (
        select id from ${sessions} where expires_at < ${before.toISOString()}::timestamptz
        order by expires_at limit ${PRUNED_AT_ONCE})
      returning id`)
    return rows.length
  },
})
