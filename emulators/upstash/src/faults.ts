import type { StatusFault, TransportFault } from '@shop/emulator-kit/fault-effects'
import { type FaultCounts, FaultList } from '@shop/emulator-kit/fault-list'

export type { FaultHandle } from '@shop/emulator-kit/fault-list'

/** The requests that a fault affects. An absent field matches all. */
export interface FaultMatch {
  /**
   * `/`, `/pipeline`, `/multi-exec` or a path such as `/get/key`, without the query; or a pattern. @upstash/redis sends
   * even a single command as a pipeline, unless `enableAutoPipelining` is off.
   */
  path?: string | RegExp
  /** The name of one of the request's commands, in any case: `EVALSHA`; or a pattern for the upper-case name. */
  command?: string | RegExp
}

/**
 * The transport faults of the kit, and `status`: answers that HTTP status with `message` as Redis's error. `body`
 * replaces the whole body, for answers that are not JSON from Redis.
 */
export type FaultEffect = TransportFault | (StatusFault & { message?: string; body?: string })

/** @upstash/redis retries after a cut, even with `retry: false`; only `{ retries: 0 }` sends once. */
export type Fault = FaultEffect & FaultCounts & { match?: FaultMatch }

/** Faults by path or command. */
export class Faults extends FaultList<Fault> {
  /**
   * @internal the fault for this request, counted as a hit
   * @param commands upper-case names
   */
  hit(path: string, commands: readonly string[]): Fault | undefined {
    return this.hitFirst(({ match }) => matches(match, path, commands))
  }
}

function matches(match: FaultMatch | undefined, path: string, commands: readonly string[]): boolean {
  if (match?.path !== undefined && !fits(match.path, path)) return false
  const { command } = match ?? {}
  if (command === undefined) return true
  const wanted = typeof command === 'string' ? command.toUpperCase() : command
  return commands.some((name) => fits(wanted, name))
}

function fits(wanted: string | RegExp, value: string): boolean {
  return typeof wanted === 'string' ? wanted === value : value.search(wanted) >= 0
}
