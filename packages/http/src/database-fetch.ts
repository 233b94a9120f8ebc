import { Unavailable } from '@shop/kernel/unavailable'
import { assertNotPassing, DatabaseRefusal, readAnswer } from './database-answer.ts'
import { type DependencyFetch, dependencyFetch } from './dependency-fetch.ts'

/** A round trip that takes longer counts as lost: its outcome is unknown. */
const DATABASE_TIMEOUT_MS = 5_000

/**
 * How workers send queries. A returned answer is a result, or a refusal that is about the statement, such as a violated
 * constraint; any other answer is an outage.
 *
 * A query that only reads is retried once after an outage. Anything else is not: its operation has to find out whether
 * it was done.
 *
 * @throws Unavailable
 */
export function newDatabaseFetch(): DependencyFetch {
  const ask = dependencyFetch('postgres', { timeoutMs: DATABASE_TIMEOUT_MS, accept: readAnswer })
  const send: DependencyFetch = async (url, init) => {
    const answer = await ask(url, init)
    await assertNotPassing(answer)
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

/** One for the whole isolate, so that all requests share what one of them learns about the database. */
export const databaseFetch: DependencyFetch = newDatabaseFetch()

/** False when the database was not called at all: it is known to be down, or the request is out of time. */
function mayComeThrough(error: unknown): boolean {
  return error instanceof Unavailable && (error.wasAsked || error.cause instanceof DatabaseRefusal)
}

/** 10 to 100 ms, so that requests which failed together do not retry together. */
function pause(): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, 10 + Math.random() * 90))
}

const WRITES = /\b(?:insert|update|delete|merge)\b/i

/**
 * Whether it is a single query that changes nothing, as the driver sends it. The one query that calls a function which
 * writes, `catalog.catch_up_search`, may run twice.
 */
export function isRead(body: RequestInit['body']): boolean {
  if (typeof body !== 'string') return false
  const { query } = JSON.parse(body) as { query?: unknown }
  if (typeof query !== 'string') return false
  return /^[\s(]*select\s/i.test(query) || (/^\s*with\s/i.test(query) && !WRITES.test(query))
}
