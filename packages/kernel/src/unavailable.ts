/** A dependency did not answer, or a bug occurred. The caller may retry; whether the work was done is unknown. */
export type ServiceUnavailable = { code: 'service_unavailable' }

/** Thrown when a dependency cannot be reached or its answer is invalid; the HTTP kit answers 503 for it. */
export class Unavailable extends Error {
  override name = 'Unavailable'
  readonly dependency: string
  /**
   * False when it is certain that nothing was done: the dependency was not called, refused the call, or rolled it back.
   */
  readonly wasAsked: boolean

  constructor(dependency: string, cause?: unknown, wasAsked = true) {
    super(`${dependency} is unavailable`, { cause })
    this.dependency = dependency
    this.wasAsked = wasAsked
  }
}
