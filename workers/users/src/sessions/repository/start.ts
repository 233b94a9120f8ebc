import type { Db } from '@shop/db/client'
import { refreshTokens, sessions, users } from '@shop/db/schema/users'
import type { Role } from '@shop/kernel/caller'
import { type SQL, sql } from 'drizzle-orm'
import { proofRow } from '../../factors/repository/proof.ts'
import type { NewSession } from '../domain/user-session.ts'

/** What was true of an account when its owner proved who they are. */
export type ProvenAccount = { role: Role; passwordHash: string }

/**
 * The statement that saves a session with its first refresh token, unless the account has changed since it was read: a
 * session must not begin with a password or a role that has just been taken away. The row lock makes a change of the account
 * wait, so that it finds the session and can end it.
 *
 * A statement, so that an account and its first session can be saved in one batch. It returns the id of the session.
 */
export function sessionInsert(session: NewSession, proven: ProvenAccount): SQL {
  const { id, userId, tokenHash, deviceHash = null, device = null, place = null } = session
  const createdAt = sql`${session.createdAt.toISOString()}::timestamptz`
  const { amr, authTime } = proofRow(session.proof)
  const authAt = sql`${authTime.toISOString()}::timestamptz`
  const expiresAt = sql`${session.expiresAt.toISOString()}::timestamptz`
  return sql`
    with owner as (
      select id from ${users}
      where id = ${userId} and role = ${proven.role} and password_hash = ${proven.passwordHash} for share
    ), session as (
      insert into ${sessions} (id, user_id, device_hash, device, place, created_at, last_seen_at, amr, auth_time, expires_at)
      select ${id}, id, ${deviceHash}, ${device}, ${place}, ${createdAt}, ${createdAt},
             ${sql.param(amr, sessions.amr)}::text[], ${authAt}, ${expiresAt}
      from owner
      returning id
    ), token as (
      insert into ${refreshTokens} (token_hash, session_id, created_at)
      select ${tokenHash}, id, ${createdAt} from session
    )
    select id from session`
}

/** @returns false when the account was changed or removed in between; nothing is saved then */
export async function startSession(db: Db, session: NewSession, proven: ProvenAccount): Promise<boolean> {
  const { rows } = await db.execute(sessionInsert(session, proven))
  return rows.length === 1
}
