import { Unavailable } from '@shop/kernel'
import { ExponentialBackoff, handleWhen, retry } from 'cockatiel'
import { type DependencyFetch, dependencyFetch } from './dependency-fetch.ts'

/** A trip that takes longer counts as lost: its outcome is unknown. */
const DATABASE_TIMEOUT_MS = 5_000

const ask: DependencyFetch = dependencyFetch('postgres', {
  timeoutMs: DATABASE_TIMEOUT_MS,
  isOutage: (response) => response.status >= 500,
})

/** Once more, after 10 to 100 ms: what was lost on the way comes through, and an outage is not made worse. */
const onceMore = retry(
  handleWhen((error) => error instanceof Unavailable && error.wasAsked),
  { maxAttempts: 1, backoff: new ExponentialBackoff({ initialDelay: 30, maxDelay: 100 }) },
)

/**
 * How workers send queries. A statement that fails is a 400; above 500 the database itself cannot be reached.
 *
 * A query that only reads is sent again when its answer got lost. Anything else is not: whether it was done is for its
 * operation to find out.
 */
export const databaseFetch: DependencyFetch = (url, init) =>
  isRead(init?.body) ? onceMore.execute(() => ask(url, init)) : ask(url, init)

/** One SELECT by itself, as the driver sends it; none of ours calls what changes something. */
export function isRead(body: RequestInit['body']): boolean {
  return typeof body === 'string' && /^\{"query":"\s*select\s/i.test(body)
}
