/** A dependency did not answer, or a bug surfaced: the caller may try again; what was asked may or may not be done. */
export type ServiceUnavailable = { code: 'service_unavailable' }

/** What every worker offers the gateway beside its routes. */
export interface Sweepable {
  /** Does what is due: expiries, unconfirmed events, work a crash left. Safe to run twice at once. */
  sweep(): Promise<SweepReport>
}

/** What a sweep did, by kind of work, for the log. */
export type SweepReport = Record<string, number>

/** Thrown when a dependency cannot be reached or answers nonsense; the HTTP kit answers 503 for it. */
export class Unavailable extends Error {
  override name = 'Unavailable'
  readonly dependency: string
  /** False when it is certain that the dependency was not asked, so that nothing can have happened there. */
  readonly wasAsked: boolean

  constructor(dependency: string, cause?: unknown, wasAsked = true) {
    super(`${dependency} is unavailable`, { cause })
    this.dependency = dependency
    this.wasAsked = wasAsked
  }
}
