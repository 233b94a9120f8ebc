import type { LimitFigure } from '@shop/contracts'
import type { RateLimited } from '@shop/kernel'
import { fail, type Result, type ServiceUnavailable } from '@shop/kernel'
import type { Counter } from '../domain/counters.ts'
import { refusalOf } from '../domain/refusal.ts'
import type { Deps } from '../ports.ts'

/** An answer and how its limits stand after it. */
export type Limited<R> = R & { limits: LimitFigure[] }

/**
 * Makes an attempt if its limits allow it.
 *
 * Each attempt is counted before it is made, and where only failures count, taken back unless it failed: were it counted
 * afterwards, any number made at the same moment would be let through.
 *
 * @param isFailure whether a failure is one that the limits are about, such as a wrong password
 */
export async function withinLimits<T, F>(
  deps: Pick<Deps, 'limits' | 'now'>,
  counters: Counter[],
  attempt: () => Promise<Result<T, F>>,
  isFailure: (failure: F) => boolean,
): Promise<Limited<Result<T, F | RateLimited | ServiceUnavailable>>> {
  const taken = await deps.limits.take(counters)
  if (!taken.ok) return { ...taken, limits: [] }
  const { figures, forgive } = taken.value
  const refusal = refusalOf(figures, deps.now())
  if (refusal !== null) return { ...fail(refusal), limits: await forgive() }
  try {
    const result = await attempt()
    const counts = !result.ok && isFailure(result.failure)
    return { ...result, limits: counts ? figures : await forgive() }
  } catch (error) {
    await forgive()
    throw error
  }
}
