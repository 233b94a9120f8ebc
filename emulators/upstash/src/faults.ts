import type { StatusFault, WayFault } from '@shop/emulator-kit/fault-effects'
import { type FaultCounts, FaultList } from '@shop/emulator-kit/fault-list'

export type { FaultHandle } from '@shop/emulator-kit/fault-list'

/** Which requests a fault is for; what is left out matches all. */
export interface FaultMatch {
  /**
   * `/`, `/pipeline`, `/multi-exec` or a path such as `/get/key`, without the query; or a pattern. @upstash/redis sends
   * even one command as a pipeline, unless `enableAutoPipelining` is off.
   */
  path?: string | RegExp
  /** The name of one of the request's commands, in any case: `EVALSHA`; or a pattern, tried on the upper-case name. */
  command?: string | RegExp
}

/**
 * What goes wrong besides what can on the way: `status` answers `status` with `message` as Redis's error; `body` is sent
 * as it is, for answers that are no Redis answers.
 */
export type FaultEffect = WayFault | (StatusFault & { message?: string; body?: string })

/** @upstash/redis asks again after a cut, even with `retry: false`: only `{ retries: 0 }` asks once. */
export type Fault = FaultEffect & FaultCounts & { match?: FaultMatch }

/** Faults by path or command. */
export class Faults extends FaultList<Fault> {
  /**
   * @internal the fault this request gets, counted as used
   * @param commands upper-case names
   */
  take(path: string, commands: readonly string[]): Fault | undefined {
    return this.takeFirst(({ match }) => matches(match, path, commands))
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
