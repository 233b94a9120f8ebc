/** A dependency did not answer, or a bug surfaced. The caller may try again; what was asked may or may not be done. */
export type ServiceUnavailable = { code: 'service_unavailable' }

/** Thrown when a dependency cannot be reached or answers nonsense; the HTTP kit answers 503 for it. */
export class Unavailable extends Error {
  override name = 'Unavailable'
  readonly dependency: string
  /** False when it is certain that nothing was done there: it was not asked, turned the call away, or rolled it back. */
  readonly wasAsked: boolean

  constructor(dependency: string, cause?: unknown, wasAsked = true) {
    super(`${dependency} is unavailable`, { cause })
    this.dependency = dependency
    this.wasAsked = wasAsked
  }
}
