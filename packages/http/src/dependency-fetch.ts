import { Unavailable } from '@shop/kernel'
import { CircuitBreaker } from './circuit-breaker.ts'
import { budgetMs, countTrip, currentTrace, type Dependency } from './trace.ts'

export type DependencyFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>

/** With less than this left there is no sense in asking. */
const LEAST_BUDGET_MS = 1

/**
 * How a worker asks something over the network: counted with the request it serves, within what that request has left,
 * and not at all while the dependency is known to be down ({@link CircuitBreaker}).
 *
 * @param options.timeoutMs what one call may take at most
 * @param options.reserveMs what the call leaves of the request's time for what comes after it
 * @param options.accept the response to hand on, its body read within the call's time if it reads it; throws Unavailable
 * for an answer which means that the dependency is down, rather than that it refuses
 * @throws Unavailable naming the dependency, when it did not answer, answered with an outage, or was not asked
 */
export function dependencyFetch(
  dependency: Dependency,
  options: { timeoutMs: number; reserveMs?: number; accept?: (response: Response) => Response | Promise<Response> },
): DependencyFetch {
  const breaker = new CircuitBreaker()
  return async (url, init) => {
    const startedAt = Date.now()
    const budget = budgetMs(options.timeoutMs, startedAt + (options.reserveMs ?? 0))
    // That the time went elsewhere says nothing of this dependency, so the breaker is asked last.
    if (budget <= LEAST_BUDGET_MS || !breaker.admits(startedAt)) throw new Unavailable(dependency, undefined, false)
    countTrip(dependency)
    try {
      const response = await fetch(url, { ...init, headers: traced(init?.headers), signal: signalOf(init, budget) })
      const accepted = (await options.accept?.(response)) ?? response
      breaker.succeed(Date.now())
      return accepted
    } catch (error) {
      breaker.fail(startedAt, Date.now())
      throw error instanceof Unavailable ? error : new Unavailable(dependency, error)
    }
  }
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
