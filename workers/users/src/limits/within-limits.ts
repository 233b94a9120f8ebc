import type { LimitStatus } from '@shop/contracts/limits'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import type { Counter } from './domain/counters.ts'
import { refusalOf } from './domain/refusal.ts'

/** An answer, and the status of its limits after it. */
export type Limited<R> = R & { limits: LimitStatus[] }

/**
 * Makes an attempt if its limits allow it.
 *
 * Each attempt is counted before it is made. Where only failures count, it is uncounted unless it failed: counting
 * afterwards would let any number of simultaneous attempts through.
 *
 * @param isFailure whether a failure is one that the limits are about, such as a wrong password
 */
export async function withinLimits<T, F>(
  deps: Pick<UsersDeps, 'limits' | 'now'>,
  counters: Counter[],
  attempt: () => Promise<Result<T, F>>,
  isFailure: (failure: F) => boolean,
): Promise<Limited<Result<T, F | RateLimited | ServiceUnavailable>>> {
  const counted = await deps.limits.count(counters)
  if (!counted.ok) return { ...counted, limits: [] }
  const { statuses, uncountFailures } = counted.value
  const refusal = refusalOf(statuses, deps.now())
  if (refusal !== undefined) return { ...fail(refusal), limits: await uncountFailures() }
  try {
    const result = await attempt()
    const counts = !result.ok && isFailure(result.failure)
    return { ...result, limits: counts ? statuses : await uncountFailures() }
  } catch (error) {
    await uncountFailures()
    throw error
  }
}
