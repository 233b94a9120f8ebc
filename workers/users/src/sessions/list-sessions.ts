import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { DEFAULT_LIMIT, decodeCursor, type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { UserSession } from './domain/user-session.ts'

const LIST = 'sessions'

/** `isCurrent`: of the token that asks. */
export type ListedSession = UserSession & { isCurrent: boolean }
type ListQuery = { cursor?: string | undefined; limit?: number | undefined }

/** A page of the caller's sessions that have not ended, the last sign-in first. */
export async function listSessions(
  deps: Pick<UsersDeps, 'now' | 'sessions'>,
  caller: Caller,
  { cursor, limit = DEFAULT_LIMIT }: ListQuery,
): Promise<Result<{ items: ListedSession[]; nextCursor: string | null }, AuthenticationRequired | InvalidCursor>> {
  const user = requireUser(caller)
  if (!user.ok) return user
  const { userId, sessionId } = user.value
  const position =
    cursor === undefined
      ? ok(undefined)
      : decodeCursor(cursor, ({ sortKey, id }) => sortKey === LIST && isId('session', id))
  if (!position.ok) return position
  const after = position.value?.id
  const rows = await deps.sessions.list({
    userId,
    // The cursor was checked above.
    after: after !== undefined && isId('session', after) ? after : undefined,
    limit: limit + 1,
    now: deps.now(),
  })
  const { items, nextCursor } = toPage(rows, limit, ({ id }) => ({ sortKey: LIST, id }))
  return ok({ items: items.map((session) => ({ ...session, isCurrent: session.id === sessionId })), nextCursor })
}
