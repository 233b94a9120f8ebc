const PLAIN_STATEMENT = /^[\s(]*(?:select|insert|update|delete|merge|with|values|table)\b/i
const SESSION_FUNCTION = /\b(?:set_config|pg_(?:try_)?advisory_lock(?:_shared)?)\b/i

/**
 * Whether a statement may leave state in its session: a setting, a role, a lock or an open transaction.
 *
 * At Neon over HTTP nothing outlives the request, so such a session must be reset before its next use. Any statement
 * other than a plain read or write counts, to be safe.
 */
export function leavesSessionState(text: string): boolean {
  return !PLAIN_STATEMENT.test(text) || SESSION_FUNCTION.test(text)
}
