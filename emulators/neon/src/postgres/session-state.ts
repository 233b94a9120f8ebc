const PLAIN_STATEMENT = /^[\s(]*(?:select|insert|update|delete|merge|with|values|table)\b/i
const SESSION_FUNCTION = /\b(?:set_config|pg_(?:try_)?advisory_lock(?:_shared)?)\b/i

/**
 * Whether a statement may leave something behind in its session: a setting, a role, a lock, an open transaction.
 *
 * With Neon over HTTP nothing outlives the request, so such a session must be cleaned before it is used again. Guesses
 * on the safe side: anything but plain reading and writing counts.
 */
export function leavesSessionState(text: string): boolean {
  return !PLAIN_STATEMENT.test(text) || SESSION_FUNCTION.test(text)
}
