import { type FaultCounts, FaultList } from '@shop/emulator-kit/fault-list'

export type { FaultHandle } from '@shop/emulator-kit/fault-list'

/** Which requests a fault is for; what is left out matches all. */
export interface FaultMatch {
  method?: string
  /** A path as sent (`/v1/payment_intents/pi_1/confirm`), as documented (`…/:id/confirm`), or a pattern. */
  path?: string | RegExp
}

/**
 * What goes wrong:
 * - `delay`: waits `ms`, by default before the work; `at: 'after'` waits with the work done and its webhooks sent
 * - `cut_before`, `cut_after`: closes the connection without an answer, before or after the work
 * - `status`: answers `status`. `at: 'before'` (default) does no work and stores nothing under the idempotency key, as
 *   an overloaded edge; `'during'` does no work, but stores an answer of 500 or more under the key; `'after'` does the
 *   work and loses its answer: a 500 or more is stored under the key, so that a replay tells no more
 * - `drip`: sends the headers at once, and the body in small pieces over `ms`
 */
export type FaultEffect =
  | { kind: 'delay'; ms: number; at?: 'before' | 'after' }
  | { kind: 'cut_before' }
  | { kind: 'cut_after' }
  | { kind: 'drip'; ms: number }
  | { kind: 'status'; status: number; at?: 'before' | 'during' | 'after'; code?: string; message?: string }

export type Fault = FaultEffect & FaultCounts & { match?: FaultMatch }

/** Faults by endpoint. */
export class Faults extends FaultList<Fault> {
  /** @internal the fault this request gets, counted as used */
  take(method: string, path: string, template: string | undefined): Fault | undefined {
    return this.takeFirst(({ match }) => matches(match, method, path, template))
  }
}

function matches(match: FaultMatch | undefined, method: string, path: string, template: string | undefined): boolean {
  if (match?.method !== undefined && match.method !== method) return false
  if (match?.path === undefined) return true
  if (typeof match.path === 'string') return match.path === path || match.path === template
  return match.path.test(path)
}
