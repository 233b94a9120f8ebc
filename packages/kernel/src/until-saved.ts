import type { Result } from './result.ts'
import { Unavailable } from './unavailable.ts'

const ATTEMPTS = 5

/**
 * Reads, decides and saves again while other writers change the row in between.
 *
 * @param attempt undefined when another writer was faster, so that nothing was saved
 * @throws Unavailable when other writers were faster five times
 */
export async function untilSaved<R extends Result<unknown, { code: string }>>(
  attempt: () => Promise<R | undefined>,
): Promise<R> {
  for (let attempts = 0; attempts < ATTEMPTS; attempts += 1) {
    const answer = await attempt()
    if (answer !== undefined) return answer
  }
  throw new Unavailable('database', undefined, false)
}
