import { Unavailable } from '@shop/kernel'
import { assertNotRolledBack, DatabaseRefusal, readAnswer } from './database-answer.ts'
import { type DependencyFetch, dependencyFetch } from './dependency-fetch.ts'

/** A trip that takes longer counts as lost: its outcome is unknown. */
const DATABASE_TIMEOUT_MS = 5_000

/**
 * How workers send queries. What comes back is a result, or a refusal that is about the statement, such as a violated
 * constraint; any other answer is an outage.
 *
 * A query that only reads is sent once more when that failed. Anything else is not: whether it was done is for its
 * operation to find out.
 *
 * @throws Unavailable
 */
export function newDatabaseFetch(): DependencyFetch {
  const ask = dependencyFetch('postgres', { timeoutMs: DATABASE_TIMEOUT_MS, accept: readAnswer })
  const send: DependencyFetch = async (url, init) => {
    // A redirect would take the connection string elsewhere.
    const answer = await ask(url, { ...init, redirect: 'manual' })
    await assertNotRolledBack(answer)
    return answer
  }
  return async (url, init) => {
    try {
      return await send(url, init)
    } catch (error) {
      if (!mayComeThrough(error) || !isRead(init?.body)) throw error
      await pause()
      return send(url, init)
    }
  }
}

/** One for the whole isolate, so that what a request learns of the database serves the others. */
export const databaseFetch: DependencyFetch = newDatabaseFetch()

/** Not when the database was not even asked: it is known to be down, or the request is out of time. */
function mayComeThrough(error: unknown): boolean {
  return error instanceof Unavailable && (error.wasAsked || error.cause instanceof DatabaseRefusal)
}

/** Of 10 to 100 ms, so that requests which failed together do not come back together. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 90))
}

const WRITES = /\b(?:insert|update|delete|merge)\b/i

/** One query by itself that changes nothing, as the driver sends it; none of ours calls a function that does. */
export function isRead(body: RequestInit['body']): boolean {
  if (typeof body !== 'string') return false
  const { query } = JSON.parse(body) as { query?: unknown }
  if (typeof query !== 'string') return false
  return /^[\s(]*select\s/i.test(query) || (/^\s*with\s/i.test(query) && !WRITES.test(query))
}
