import type { RawAnswer } from './send.ts'

/** What a worker gives a dependency. A request that takes as long met a machine that is overloaded. */
const OUT_OF_TIME_MS = 5_000
/** A worker whose calls timed out refuses requests at once, until one of its probes succeeds. */
const RECOVERY_MS = 10_000

/**
 * Whether the machine of the tests keeps up. It decides which 503 only says that it does not; `Tally` counts these, so that
 * a run with more than a few fails.
 */
export class Slowness {
  #slowAt = Number.NEGATIVE_INFINITY

  /** @param now milliseconds of any clock that only goes forward */
  learn({ ms }: Pick<RawAnswer, 'ms'>, now: number): void {
    if (ms >= OUT_OF_TIME_MS) this.#slowAt = now
  }

  /** Of an answer that was learned before. */
  excuses({ status }: Pick<RawAnswer, 'status'>, now: number): boolean {
    return status === 503 && now - this.#slowAt < RECOVERY_MS
  }
}
