import type { Db } from '@shop/db/client'
import { refreshTokens, users } from '@shop/db/schema/users'
import type { SessionId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import { and, eq, isNull, sql } from 'drizzle-orm'
import type { User } from '../accounts/domain/user.ts'
import { toUser, USER_COLUMNS } from '../accounts/repository/rows.ts'
import { PROOF_COLUMNS, proofRow, toProof } from '../factors/repository/proof.ts'
import type { NewRefreshToken, SpentToken } from './domain/refresh-token.ts'

/** A statement, so that an account and its first session can be saved in one batch. */
export const insertRefreshToken = (db: Db, { proof, ...token }: NewRefreshToken) =>
  db.insert(refreshTokens).values({ ...token, ...proofRow(proof) })

const PRUNED_AT_ONCE = 1_000

/** Whose session it is, and how they last proved who they are. */
type ProvenSession = { user: User; sessionId: SessionId; proof: Proof }

export type SessionRepository = ReturnType<typeof sessionRepository>

/** The refresh tokens in Postgres; a session is the tokens that share its id. */
export const sessionRepository = (db: Db) => ({
  async save(token: NewRefreshToken): Promise<void> {
    await insertRefreshToken(db, token)
  },

  /**
   * Uses a refresh token and saves its successor, in one statement. Of two at once, the second waits for the first and
   * then finds the token used.
   *
   * A session counts as ended when any of its tokens is revoked, since ending it cannot see a successor that is being
   * saved at the same moment.
   *
   * @returns whose it is, or undefined when the token is unknown, used, expired or revoked; nothing is changed then
   */
  async rotate(rotation: {
    tokenHash: string
    successorHash: string
    expiresAt: Date
    now: Date
  }): Promise<ProvenSession | undefined> {
    const now = rotation.now.toISOString()
    const used = db.$with('used').as(
      db
        .update(refreshTokens)
        .set({ usedAt: rotation.now })
        .where(sql`${refreshTokens.tokenHash} = ${rotation.tokenHash} and ${refreshTokens.usedAt} is null
        and ${refreshTokens.expiresAt} > ${now}::timestamptz and not exists (
          select 1 from ${refreshTokens} sibling
          where sibling.session_id = ${refreshTokens.sessionId} and sibling.revoked_at is not null)`)
        .returning({ sessionId: refreshTokens.sessionId, userId: refreshTokens.userId, ...PROOF_COLUMNS }),
    )
    const successor = db.$with('successor').as(
      db
        .insert(refreshTokens)
        .select(
          sql`select ${rotation.successorHash}, session_id, user_id, ${now}::timestamptz,
          ${rotation.expiresAt.toISOString()}::timestamptz, null::timestamptz, amr, auth_time, null::timestamptz from used`,
        )
        .returning({ sessionId: refreshTokens.sessionId, userId: refreshTokens.userId, ...PROOF_COLUMNS }),
    )
    const [row] = await db
      .with(used, successor)
      .select({ ...USER_COLUMNS, sessionId: successor.sessionId, amr: successor.amr, authTime: successor.authTime })
      .from(users)
      .innerJoin(successor, eq(successor.userId, users.id))
    return row && toSession(row)
  },

  /** Finds a refresh token that could not be used, and what became of its session. */
  async findSpent(token: {
    tokenHash: string
    successorHash: string
  }): Promise<(SpentToken & ProvenSession) | undefined> {
    const [row] = await db
      .select({
        ...USER_COLUMNS,
        sessionId: refreshTokens.sessionId,
        ...PROOF_COLUMNS,
        usedAt: refreshTokens.usedAt,
        expiresAt: refreshTokens.expiresAt,
        sessionEnded: sql<boolean>`exists (select 1 from ${refreshTokens} sibling
        where sibling.session_id = ${refreshTokens.sessionId} and sibling.revoked_at is not null)`,
        hasSuccessor: sql<boolean>`exists (select 1 from ${refreshTokens} successor
        where successor.token_hash = ${token.successorHash} and successor.session_id = ${refreshTokens.sessionId})`,
      })
      .from(refreshTokens)
      .innerJoin(users, eq(users.id, refreshTokens.userId))
      .where(eq(refreshTokens.tokenHash, token.tokenHash))
    if (row === undefined) return undefined
    const { usedAt, expiresAt, sessionEnded, hasSuccessor } = row
    return { ...toSession(row), usedAt, expiresAt, sessionEnded, hasSuccessor }
  },

  /** Ends a session: none of its tokens can be used any more. Ending it twice keeps the first time. */
  async end(sessionId: SessionId, now: Date): Promise<void> {
    await db
      .update(refreshTokens)
      .set({ revokedAt: now })
      .where(and(eq(refreshTokens.sessionId, sessionId), isNull(refreshTokens.revokedAt)))
  },

  /** Ends the session of a token, used or not. An unknown token ends nothing. */
  async endByToken(tokenHash: string, now: Date): Promise<void> {
    const session = db
      .select({ sessionId: refreshTokens.sessionId })
      .from(refreshTokens)
      .where(eq(refreshTokens.tokenHash, tokenHash))
    await db
      .update(refreshTokens)
      .set({ revokedAt: now })
      .where(and(eq(refreshTokens.sessionId, session), isNull(refreshTokens.revokedAt)))
  },

  /**
   * Deletes tokens that expired before `before`, a thousand at most, through the index refresh_tokens_expiry.
   *
   * A revoked one stays until the whole session has expired: it is what keeps the session ended.
   *
   * @returns how many were deleted
   */
  async prune(before: Date): Promise<number> {
    const instant = before.toISOString()
    const pruned = await db
      .delete(refreshTokens)
      .where(
        sql`${refreshTokens.tokenHash} in (
        select old.token_hash from ${refreshTokens} old
        where old.expires_at < ${instant}::timestamptz and (old.revoked_at is null or not exists (
          select 1 from ${refreshTokens} sibling
          where sibling.session_id = old.session_id and sibling.expires_at >= ${instant}::timestamptz))
        limit ${PRUNED_AT_ONCE})`,
      )
      .returning({ tokenHash: refreshTokens.tokenHash })
    return pruned.length
  },
})

function toSession(row: Parameters<typeof toUser>[0] & Parameters<typeof toProof>[0] & { sessionId: string }) {
  // Only this worker writes session ids, and all of them are TypeIDs.
  return { user: toUser(row), sessionId: row.sessionId as SessionId, proof: toProof(row) }
}
