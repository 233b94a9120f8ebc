import type { StatusFault as KitStatusFault, TransportFault } from '@shop/emulator-kit/fault-effects'
import { type FaultCounts, FaultList } from '@shop/emulator-kit/fault-list'

export type { FaultHandle } from '@shop/emulator-kit/fault-list'

/** The requests that a fault affects. An absent field matches all. */
export interface FaultMatch {
  method?: string
  /** A path as sent (`/v1/payment_intents/pi_1/confirm`), as documented (`…/:id/confirm`), or a pattern. */
  path?: string | RegExp
}

/**
 * Answers `status`:
 * - `at: 'before'` (default) skips the work and stores nothing under the idempotency key, like an overloaded edge
 * - `'during'` skips the work and stores an answer of 500 or more under the key
 * - `'after'` does the work and discards its answer. An answer of 500 or more is stored under the key, so that a replay
 *   does not reveal the outcome
 */
export type StatusFault = Omit<KitStatusFault, 'at'> & {
  at?: 'before' | 'during' | 'after'
  code?: string
  message?: string
}

/** The transport faults of the kit, and status faults. */
export type FaultEffect = TransportFault | StatusFault

export type Fault = FaultEffect & FaultCounts & { match?: FaultMatch }

/** Faults by endpoint. */
export class Faults extends FaultList<Fault> {
  /** @internal the fault for this request, counted as a hit */
  hit(method: string, path: string, template: string | undefined): Fault | undefined {
    return this.hitFirst(({ match }) => matches(match, method, path, template))
  }
}

function matches(match: FaultMatch | undefined, method: string, path: string, template: string | undefined): boolean {
  if (match?.method !== undefined && match.method !== method) return false
  if (match?.path === undefined) return true
  if (typeof match.path === 'string') return match.path === path || match.path === template
  return match.path.test(path)
}
