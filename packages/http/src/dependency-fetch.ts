import { Unavailable } from '@shop/kernel/unavailable'
import { CircuitBreaker } from './circuit-breaker.ts'
import { budgetMs, countTrip, currentTrace, type Dependency } from './trace.ts'

export type DependencyFetch = (url: string | URL | Request, init?: RequestInit) => Promise<Response>

/** With less time than this left, a call is pointless. */
const LEAST_BUDGET_MS = 1

/**
 * How a worker calls a dependency over the network: counted for the request that it serves, within the time left for
 * that request, and not at all while the dependency is known to be down ({@link CircuitBreaker}). A redirect is returned as
 * it is: followed, it would send keys and data to another host.
 *
 * @param options.timeoutMs the most that one call may take
 * @param options.reserveMs the part of the request's time that the call leaves for later work
 * @param options.accept the response to return, its body read within the call's time if it reads it; throws Unavailable
 * for an answer which means that the dependency is down, rather than that it refuses
 * @throws Unavailable naming the dependency, when it did not answer, answered with an outage, or was not called
 */
export function dependencyFetch(
  dependency: Dependency,
  options: { timeoutMs: number; reserveMs?: number; accept?: (response: Response) => Response | Promise<Response> },
): DependencyFetch {
  const breaker = new CircuitBreaker()
  return async (url, init) => {
    const startedAt = Date.now()
    const budget = budgetMs(options.timeoutMs, startedAt + (options.reserveMs ?? 0))
    // A spent time budget says nothing about this dependency, so the breaker is consulted last.
    if (budget <= LEAST_BUDGET_MS || !breaker.admits(startedAt)) throw new Unavailable(dependency, undefined, false)
    countTrip(dependency)
    try {
      const response = await fetch(url, {
        ...init,
        redirect: 'manual',
        headers: traced(init?.headers),
        signal: signalOf(init, budget),
      })
      const accepted = (await options.accept?.(response)) ?? response
      breaker.succeed(Date.now())
      return accepted
    } catch (error) {
      breaker.fail(startedAt, Date.now())
      throw error instanceof Unavailable ? error : new Unavailable(dependency, error)
    }
  }
}

/** Passes the request's trace on to the dependency (W3C Trace Context). */
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
