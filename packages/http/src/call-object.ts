import { withTimeout } from '@shop/kernel/timeout'
import { Unavailable } from '@shop/kernel/unavailable'

type Options = {
  /** How an outage names the object. */
  dependency: string
  /** After this time the outcome of a call is unknown: it may or may not have been applied. */
  timeoutMs: number
}

/**
 * Calls a Durable Object. A call that the platform reports as retryable is made once more, so it must be one that may run
 * twice.
 *
 * @param attempt makes the call on a fresh stub
 * @throws Unavailable when the object does not answer; its `wasAsked` is false when the call has certainly had no effect
 */
export async function callObject<T>(attempt: () => Promise<T>, { dependency, timeoutMs }: Options): Promise<T> {
  // Of a call whose first attempt was lost, a refusal of the second says nothing.
  let isOutcomeUnknown = false
  const answer = attempt().catch((error: unknown) => {
    if (!isRetryable(error)) throw error
    isOutcomeUnknown = true
    return attempt()
  })
  try {
    return await withTimeout(answer, timeoutMs, () => new Error(`No answer in ${timeoutMs} ms`))
  } catch (error) {
    throw new Unavailable(dependency, error, isOutcomeUnknown || !isOverloaded(error))
  }
}

type Flags = { retryable?: unknown; overloaded?: unknown }
const flagsOf = (error: unknown): Flags => (error instanceof Error ? (error as Flags) : {})

/** Source: https://developers.cloudflare.com/durable-objects/best-practices/error-handling/ */
function isRetryable(error: unknown): boolean {
  return flagsOf(error).retryable === true && !isOverloaded(error)
}

/** An overloaded object has not accepted the call. More calls would only overload it further. */
function isOverloaded(error: unknown): boolean {
  return flagsOf(error).overloaded === true
}
