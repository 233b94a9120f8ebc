import { ACCESS_TOKEN_SECONDS } from '@shop/contracts/users/access-tokens'
import type { EndReason } from '@shop/contracts/users/sessions'
import type { Db } from '@shop/db/client'
import { eventCtes } from '@shop/db/events/write'
import { refreshTokens, sessions, usersEvents } from '@shop/db/schema/users'
import type { SessionId, UserId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'
import { type SQL, sql } from 'drizzle-orm'

/** Which sessions end: one, that of a refresh token (used or not), or all of a user. */
export type EndScope =
  | { sessionId: SessionId; userId?: UserId | undefined }
  | { tokenHash: string }
  | { userId: UserId; except?: SessionId | undefined }

export type Ending = {
  reason: EndReason
  now: Date
  /** Nothing ends unless this is true as well, such as that the change before it in a batch has been made. */
  onlyIf?: SQL | undefined
}
export type EndedSession = { sessionId: SessionId; userId: UserId }

/** Longer than an access token lives and an answer takes. */
const TOLD_AGAIN_SECONDS = ACCESS_TOKEN_SECONDS + 60
/** The writer tells the object itself. */
const FIRST_ATTEMPT_SECONDS = 30

/**
 * The statement that ends sessions, each with its event; a session that has ended keeps its time and reason.
 *
 * Exported so that a batch can end sessions together with the change that makes it necessary. It has to be a statement of
 * its own, after the change: as a part of it, it would not see a session that began while the change waited for the
 * account's row.
 *
 * It returns the sessions that ended now, and those whose access tokens may still be about: a retry tells of them again.
 */
export function endingStatement(scope: EndScope, { reason, now, onlyIf = sql`true` }: Ending): SQL {
  const instant = sql`${now.toISOString()}::timestamptz`
  const recently = sql`${addSeconds(now, -TOLD_AGAIN_SECONDS).toISOString()}::timestamptz`
  const told = eventCtes(usersEvents, {
    name: 'told',
    types: ['session.ended'],
    firstAttemptAfterSeconds: FIRST_ATTEMPT_SECONDS,
    rows: sql`
      select 'session.ended'::text as type, id as key, 1 as sequence, ended_at as created_at,
             jsonb_build_object('userId', user_id, 'sessionId', id, 'reason', end_reason) as payload
      from ended`,
  })
  return sql`
    with ended as (
      update ${sessions} s set ended_at = ${instant}, end_reason = ${reason}
      where ${conditionOf(scope)} and s.ended_at is null and s.expires_at > ${instant} and ${onlyIf}
      returning s.id, s.user_id, s.ended_at, s.end_reason
    ), ${told}
    select s.id, s.user_id from ${sessions} s
    where ${conditionOf(scope)} and s.expires_at > ${recently} and (s.ended_at is null or s.ended_at > ${recently}) and ${onlyIf}`
}

function conditionOf(scope: EndScope): SQL {
  if ('tokenHash' in scope) {
    return sql`s.id = (select t.session_id from ${refreshTokens} t where t.token_hash = ${scope.tokenHash})`
  }
  if ('sessionId' in scope) {
    return scope.userId === undefined
      ? sql`s.id = ${scope.sessionId}`
      : sql`s.id = ${scope.sessionId} and s.user_id = ${scope.userId}`
  }
  return scope.except === undefined
    ? sql`s.user_id = ${scope.userId}`
    : sql`s.user_id = ${scope.userId} and s.id <> ${scope.except}`
}

export async function endSessions(db: Db, scope: EndScope, ending: Ending): Promise<EndedSession[]> {
  const { rows } = await db.execute<{ id: string; user_id: string }>(endingStatement(scope, ending))
  // Only this worker writes ids, and all of them are TypeIDs.
  return rows.map(({ id, user_id }) => ({ sessionId: id as SessionId, userId: user_id as UserId }))
}
