import { Unavailable } from '@shop/kernel'
import { BrokenCircuitError, CircuitState, ConsecutiveBreaker, circuitBreaker, handleAll } from 'cockatiel'
import { budgetMs, countTrip, currentTrace, type Dependency } from './trace.ts'

export type DependencyFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>

const FAILURES_UNTIL_OPEN = 5
const OPEN_MS = 2_000
/** With less than this left there is no sense in asking. */
const LEAST_BUDGET_MS = 1

/**
 * How a worker asks something over the network: counted with the request it serves, within what that request has left,
 * and not at all for a moment once it has failed several times in a row. Then a single call tries again; the others do
 * not wait for it, since the request that tries may be cancelled and its call never end.
 *
 * @param options.timeoutMs what one call may take at most
 * @param options.reserveMs what the call leaves of the request's time for what comes after it
 * @param options.isOutage whether an answer means that the dependency is down, rather than that it refuses
 * @throws Unavailable naming the dependency, when it did not answer, answered with an outage, or was not asked
 */
export function dependencyFetch(
  dependency: Dependency,
  options: { timeoutMs: number; reserveMs?: number; isOutage?: (response: Response) => boolean },
): DependencyFetch {
  const notAsked = () => new Unavailable(dependency, undefined, false)
  let breaker = newBreaker()
  let trialSince = 0
  return async (url, init) => {
    const now = Date.now()
    const budget = budgetMs(options.timeoutMs, now + (options.reserveMs ?? 0))
    // That the time went elsewhere says nothing of this dependency.
    if (budget <= LEAST_BUDGET_MS) throw notAsked()
    if (breaker.state === CircuitState.HalfOpen) {
      if (now - trialSince <= options.timeoutMs) throw notAsked()
      // The request that tried was cancelled, and with it all that would have ended its trial.
      breaker = newBreaker()
    }
    const signal = signalOf(init, budget)
    const answer = breaker.execute(async () => {
      countTrip(dependency)
      const response = await fetch(url, { ...init, headers: traced(init?.headers), signal })
      if (options.isOutage?.(response)) throw new Unavailable(dependency)
      return response
    })
    if (breaker.state === CircuitState.HalfOpen) trialSince = now
    try {
      return await answer
    } catch (error) {
      if (error instanceof Unavailable) throw error
      throw error instanceof BrokenCircuitError ? notAsked() : new Unavailable(dependency, error)
    }
  }
}

function newBreaker() {
  return circuitBreaker(handleAll, {
    halfOpenAfter: OPEN_MS,
    breaker: new ConsecutiveBreaker(FAILURES_UNTIL_OPEN),
  })
}

/** The request's trace goes on to what it asks, as W3C Trace Context has it. */
function traced(given: RequestInit['headers']): Headers {
  const headers = new Headers(given)
  const trace = currentTrace()
  if (trace !== undefined) headers.set('traceparent', trace.traceparent)
  return headers
}

function signalOf(init: RequestInit | undefined, timeoutMs: number): AbortSignal {
  const budget = AbortSignal.timeout(timeoutMs)
  return init?.signal ? AbortSignal.any([init.signal, budget]) : budget
}
