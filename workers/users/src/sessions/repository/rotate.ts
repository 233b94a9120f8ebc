import type { Db } from '@shop/db/client'
import { refreshTokens, sessions, users } from '@shop/db/schema/users'
import type { SessionId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import { eq, inArray, sql } from 'drizzle-orm'
import type { User } from '../../accounts/domain/user.ts'
import { toUser, USER_COLUMNS } from '../../accounts/repository/rows.ts'
import { PROOF_COLUMNS, toProof } from '../../factors/repository/proof.ts'

/** Whose session a refresh token belongs to, and how they last proved who they are. */
export type SessionOfToken = { user: User; sessionId: SessionId; proof: Proof }

/**
 * Uses a refresh token and saves its successor, in one statement. The row of the session is locked first: of two refreshes at
 * once, the second waits and then finds the token used; a session that ends at the same moment has either refreshed
 * before, or is not refreshed.
 *
 * @returns undefined when the token is unknown or used, or its session has ended or expired; no token is saved then
 */
export async function rotateToken(
  db: Db,
  rotation: { tokenHash: string; successorHash: string; now: Date },
): Promise<SessionOfToken | undefined> {
  const now = sql`${rotation.now.toISOString()}::timestamptz`
  const seen = db.$with('seen').as(
    db
      .update(sessions)
      .set({ lastSeenAt: rotation.now })
      .where(
        sql`${sessions.id} = (select t.session_id from ${refreshTokens} t
          where t.token_hash = ${rotation.tokenHash} and t.used_at is null)
        and ${sessions.endedAt} is null and ${sessions.expiresAt} > ${now}`,
      )
      .returning({ id: sessions.id, userId: sessions.userId, ...PROOF_COLUMNS }),
  )
  const used = db.$with('used').as(
    db
      .update(refreshTokens)
      .set({ usedAt: rotation.now })
      .where(
        sql`${refreshTokens.tokenHash} = ${rotation.tokenHash} and ${refreshTokens.usedAt} is null
        and ${refreshTokens.sessionId} in (select id from seen)`,
      )
      .returning({ sessionId: refreshTokens.sessionId }),
  )
  const successor = db
    .$with('successor')
    .as(
      db
        .insert(refreshTokens)
        .select(sql`select ${rotation.successorHash}, session_id, ${now}, null::timestamptz from used`)
        .returning({ sessionId: refreshTokens.sessionId }),
    )
  const [row] = await db
    .with(seen, used, successor)
    .select({ ...USER_COLUMNS, sessionId: seen.id, amr: seen.amr, authTime: seen.authTime })
    .from(users)
    .innerJoin(seen, eq(seen.userId, users.id))
    .innerJoin(successor, eq(successor.sessionId, seen.id))
  return row && toSession(row)
}

function toSession(row: Parameters<typeof toUser>[0] & Parameters<typeof toProof>[0] & { sessionId: string }) {
  // Only this worker writes session ids, and all of them are TypeIDs.
  return { user: toUser(row), sessionId: row.sessionId as SessionId, proof: toProof(row) }
}

/** A refresh token that could not be used, and what became of its session. */
export type SpentTokenRow = SessionOfToken & {
  usedAt: Date | undefined
  expiresAt: Date
  sessionEnded: boolean
  deviceHash: string | undefined
  /** The one that was saved when this token was used, of those given. */
  successorHash: string | undefined
}

/** @param token.successorHashes of the tokens that may have followed */
export async function findSpentToken(
  db: Db,
  token: { tokenHash: string; successorHashes: string[] },
): Promise<SpentTokenRow | undefined> {
  const successor = db
    .select({ hash: refreshTokens.tokenHash, sessionId: refreshTokens.sessionId })
    .from(refreshTokens)
    .where(inArray(refreshTokens.tokenHash, token.successorHashes))
    .as('successor')
  const [row] = await db
    .select({
      ...USER_COLUMNS,
      sessionId: refreshTokens.sessionId,
      ...PROOF_COLUMNS,
      usedAt: refreshTokens.usedAt,
      expiresAt: sessions.expiresAt,
      endedAt: sessions.endedAt,
      deviceHash: sessions.deviceHash,
      successorHash: successor.hash,
    })
    .from(refreshTokens)
    .innerJoin(sessions, eq(sessions.id, refreshTokens.sessionId))
    .innerJoin(users, eq(users.id, sessions.userId))
    .leftJoin(successor, eq(successor.sessionId, sessions.id))
    .where(eq(refreshTokens.tokenHash, token.tokenHash))
  if (row === undefined) return undefined
  return {
    ...toSession(row),
    usedAt: row.usedAt ?? undefined,
    expiresAt: row.expiresAt,
    sessionEnded: row.endedAt !== null,
    deviceHash: row.deviceHash ?? undefined,
    successorHash: row.successorHash ?? undefined,
  }
}
