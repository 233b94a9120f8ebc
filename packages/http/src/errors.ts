/** The error and its causes, outermost first: drivers wrap errors, each in its own way. */
function* causesOf(error: unknown): Generator<Error> {
  let current = error
  for (let depth = 0; depth < 6 && current instanceof Error; depth += 1) {
    yield current
    const wrapped: { cause?: unknown; sourceError?: unknown } = current
    current = wrapped.cause ?? wrapped.sourceError
  }
}

/** Thrown when a request's body ends early: its sender has disconnected. */
export class ClientClosedRequest extends Error {
  override name = 'ClientClosedRequest'

  constructor(cause: unknown) {
    super('The client closed the request', { cause })
  }
}

export function isClientClosed(error: unknown): boolean {
  return causesOf(error).some(({ name }) => name === 'ClientClosedRequest')
}

/**
 * True when the error, or its cause, means that a dependency could not be reached.
 *
 * By name and not by class, since an error that crossed a binding has lost its class.
 */
export function isUnavailable(error: unknown): boolean {
  return causesOf(error).some(({ name }) => name === 'Unavailable' || name === 'TimeoutError')
}

/**
 * True when it is certain that nothing was done: the dependency was not called, refused the call, or rolled it back.
 */
export function wasNeverAsked(error: unknown): boolean {
  return causesOf(error).some((cause: Error & { wasAsked?: unknown }) => cause.wasAsked === false)
}
