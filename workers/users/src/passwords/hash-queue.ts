import type { TooBusy } from '@shop/contracts/users/failures'
import { fail, ok, type Result } from '@shop/kernel/result'

/** At about 50 ms a hash, the last in the queue waits some 1.6 s. */
export const MAX_WAITING_HASHES = 32
/** A client that disconnects cancels its request, which then never leaves the queue by itself. */
const ABANDONED_AFTER_MS = 10_000

/**
 * Runs blocking computations one at a time, in order of arrival, and refuses when too many wait.
 *
 * Each waits for its own turn of the event loop first, so that requests that need no hash are served in between. No
 * request waits for another's promise, so a cancelled one cannot stop the queue.
 *
 * @param options.nextTurn resolves in a later turn of the event loop
 */
export function createHashQueue(options: { waiting: number; nextTurn: () => Promise<void>; now: () => Date }) {
  const places = new Map<symbol, number>()
  return async function run<T>(compute: () => T): Promise<Result<T, TooBusy>> {
    const arrived = options.now().getTime()
    for (const [place, since] of places) if (arrived - since > ABANDONED_AFTER_MS) places.delete(place)
    if (places.size >= options.waiting) return fail({ code: 'too_busy' })
    const place = Symbol('place')
    places.set(place, arrived)
    try {
      await options.nextTurn()
      return ok(compute())
    } finally {
      places.delete(place)
    }
  }
}
