import { Unavailable } from '@shop/kernel/unavailable'

/**
 * Classes of SQLSTATE that mean Postgres cannot work now: connection, authentication, a missing database, resources, object
 * state, operator intervention, system and internal errors. The other classes are about the statement.
 *
 * Source: https://www.postgresql.org/docs/current/errcodes-appendix.html
 */
const OUTAGE_CLASSES = new Set(['08', '28', '3D', '53', '55', '57', '58', 'XX'])

/**
 * Classes of a database that works, but not for this transaction now. 40: it was rolled back because of another one
 * (serialization failures, deadlocks). 25: it may not write, as after a failover to a database that is still read-only
 * (25006), or it has timed out. Reads may go on, so these do not count as an outage of the database.
 */
const PASSING_CLASSES = new Set(['25', '40'])

/**
 * States in which the statement certainly had no effect: the connection was refused before it ran, or its transaction
 * was refused or rolled back. 40003 itself means that this is unknown, and a killed backend (57P01) may have committed.
 */
const WITHOUT_EFFECT = /^(?:28...|3D000|53300|57P03|08001|08004|25006|40(?!003)...)$/

/** Statuses with which the proxy in front of Postgres refuses a request unread. */
const TURNED_AWAY = new Set([401, 429])

/** Why the database did not run the statement: an SQLSTATE or an HTTP status, without any text of the statement. */
export class DatabaseRefusal extends Error {
  override name = 'DatabaseRefusal'
}

/** The body of Neon's answer to a refused statement, as far as it is read here. */
type Refusal = { code?: unknown }

/**
 * Reads an answer of Neon's endpoint and returns it with its body parsed. Postgres answers only with 200 and 400; any
 * other status, and anything that is not JSON, comes from an intermediary.
 *
 * @throws Unavailable when the database cannot work now; `wasAsked` is false when the statement certainly had no effect
 */
export async function readAnswer(response: Response): Promise<Response> {
  const { status } = response
  if (status !== 200 && status !== 400) {
    // An unread body keeps its connection.
    await response.body?.cancel().catch(() => undefined)
    throw refused(`HTTP ${status}`, !TURNED_AWAY.has(status))
  }
  const body = await parsed(response)
  if (status === 200 && !isResult(body)) throw refused('HTTP 200 without a result')
  if (status === 400) assertAboutStatement(sqlStateOf(body))
  // The driver asks for the body in no other way.
  return Object.assign(response, { json: () => Promise.resolve(body) })
}

function assertAboutStatement(state: string | undefined): void {
  // An error without a state comes from the proxy, for example after it lost its connection to Postgres.
  if (state === undefined) throw refused('HTTP 400 without an SQLSTATE')
  if (OUTAGE_CLASSES.has(state.slice(0, 2))) throw refused(`SQLSTATE ${state}`, !WITHOUT_EFFECT.test(state))
}

/**
 * Throws for a transaction that could not run now, and may be run again.
 *
 * Separate from {@link readAnswer}, because it proves that the database is up.
 *
 * @param answer as `readAnswer` returns it
 */
export async function assertNotPassing(answer: Response): Promise<void> {
  const state = answer.status === 400 ? sqlStateOf(await answer.json()) : undefined
  if (state !== undefined && PASSING_CLASSES.has(state.slice(0, 2)))
    throw refused(`SQLSTATE ${state}`, !WITHOUT_EFFECT.test(state))
}

const refused = (reason: string, wasAsked = true) => new Unavailable('postgres', new DatabaseRefusal(reason), wasAsked)

/** Without the parser's own error, whose message quotes the body. */
async function parsed(response: Response): Promise<unknown> {
  try {
    return await response.json()
  } catch (error) {
    throw error instanceof SyntaxError ? refused(`HTTP ${response.status} without JSON`) : error
  }
}

function sqlStateOf(body: unknown): string | undefined {
  const { code } = (body ?? {}) as Refusal
  return typeof code === 'string' && /^[\dA-Z]{5}$/.test(code) ? code : undefined
}

/** The result of one statement, or of several in one transaction. */
function isResult(body: unknown): boolean {
  if (typeof body !== 'object' || body === null) return false
  if ('results' in body) return Array.isArray(body.results) && body.results.every(isResult)
  return 'rows' in body && Array.isArray(body.rows) && 'fields' in body && Array.isArray(body.fields)
}
