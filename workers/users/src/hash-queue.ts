import type { TooBusy } from '@shop/contracts'
import { fail, ok, type Result } from '@shop/kernel'

/** Longest wait for a turn: at about 50 ms a hash, some 1.6 s. */
export const HASHES_WAITING = 32
/** A client that went away takes its request along, and what it had reserved here is never given back by itself. */
const FORGOTTEN_AFTER_MS = 10_000

/**
 * Runs blocking computations one at a time, in the order they came, and refuses when too many wait.
 *
 * Each waits a turn of the event loop of its own first, so that requests that need no hash are served in between. No
 * place is held across an await by anybody else's request: a cancelled one can not stop the queue.
 *
 * @param options.nextTurn resolves in a later turn of the event loop
 */
export function createHashQueue(options: { waiting: number; nextTurn: () => Promise<void>; now: () => Date }) {
  const places = new Map<symbol, number>()
  return async function run<T>(compute: () => T): Promise<Result<T, TooBusy>> {
    const arrived = options.now().getTime()
    for (const [place, since] of places) if (arrived - since > FORGOTTEN_AFTER_MS) places.delete(place)
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
