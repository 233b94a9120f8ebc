const FAILURES_UNTIL_OPEN = 5
/** The least time from a probe of an open breaker to the next one, and from the end of one that failed. */
const TRIAL_INTERVAL_MS = 1_000

/**
 * Decides whether a dependency is called at all. After five consecutive failures it is not, except for one probe a
 * second; the first success closes the breaker.
 *
 * A probe needs no answer before the next one may start: its request may be cancelled, and a dependency that hangs
 * answers no probe before its timeout. So all calls go through at most a second after the dependency answers again,
 * provided that requests arrive. After a probe that failed a second passes too: otherwise a client whose requests follow
 * each other would wait for the timeout of a probe in every one of them.
 *
 * No clock of its own: each method takes the time in milliseconds since the epoch.
 */
export class CircuitBreaker {
  #failures = 0
  #nextTrialAt = 0
  /** When the newest probe started. */
  #trialAt = Number.NaN
  #succeededAt = Number.NEGATIVE_INFINITY

  /** True when a call may start now. An open breaker counts it as its probe. */
  admits(now: number): boolean {
    if (this.#failures < FAILURES_UNTIL_OPEN) return true
    if (now < this.#nextTrialAt) return false
    this.#trialAt = now
    this.#nextTrialAt = now + TRIAL_INTERVAL_MS
    return true
  }

  /** A call was answered, however late: that closes the breaker. */
  succeed(now: number): void {
    this.#failures = 0
    this.#succeededAt = now
  }

  /** A call failed. One that started before the last success says nothing about the present. */
  fail(startedAt: number, now: number): void {
    if (startedAt < this.#succeededAt) return
    this.#failures += 1
    const isNewestProbe = this.#failures > FAILURES_UNTIL_OPEN && startedAt === this.#trialAt
    if (this.#failures === FAILURES_UNTIL_OPEN || isNewestProbe) this.#nextTrialAt = now + TRIAL_INTERVAL_MS
  }
}
