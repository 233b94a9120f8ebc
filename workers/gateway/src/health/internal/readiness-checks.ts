import { withTimeout } from '@shop/kernel/timeout'
import type { Checks } from '../domain/readiness.ts'
import { CHECK_TIMEOUT_MS } from './check-services.ts'

/** The state of all services, at most {@link KEPT_MS} old. */
export type ReadinessChecks = () => Promise<Checks>

/** How long an answer is given again. Anybody may ask, and each answer asks every worker, Postgres and Redis. */
const KEPT_MS = 1_000
/** How long a request waits for another's checks before it makes its own: a little more than they can take. */
const JOIN_MS = CHECK_TIMEOUT_MS + 500

/**
 * Checks the services, one check at a time in each isolate. Concurrent requests share the result and build their own
 * responses: a response belongs to one request.
 *
 * @param options.later waitUntil: the checks continue when the client that caused them disconnects
 */
export function createReadinessChecks(options: {
  check: () => Promise<Checks>
  later: (work: Promise<unknown>) => void
  now: () => number
}): ReadinessChecks {
  const { check, later, now } = options
  let kept: { checks: Checks; at: number } | undefined
  let running: { checks: Promise<Checks>; startedAt: number } | undefined

  function start(): Promise<Checks> {
    const checks = check().then((done) => {
      kept = { checks: done, at: now() }
      if (running === own) running = undefined
      return done
    })
    const own = { checks, startedAt: now() }
    running = own
    later(checks)
    return checks
  }

  return async () => {
    if (kept !== undefined && now() - kept.at < KEPT_MS) return kept.checks
    const left = running === undefined ? 0 : JOIN_MS - (now() - running.startedAt)
    if (running === undefined || left <= 0) return start()
    return withTimeout(running.checks, left, () => new Error('The checks of another request have not ended')).catch(
      start,
    )
  }
}
