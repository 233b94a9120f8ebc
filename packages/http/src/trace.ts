import { AsyncLocalStorage } from 'node:async_hooks'

/** The dependencies that a request may call over the network; `revocations` are the objects that know ended sessions. */
export const DEPENDENCIES = ['postgres', 'redis', 'stripe', 'vies', 'mail', 'breaches', 'revocations'] as const
export type Dependency = (typeof DEPENDENCIES)[number]
/** Round trips by dependency; those it made none to are left out. */
export type Trips = Partial<Record<Dependency, number>>

/** What one worker passes to the next about the request that both serve. */
export type TraceContext = {
  requestId: string
  /** W3C trace context: https://www.w3.org/TR/trace-context/#traceparent-header */
  traceparent: string
  /** When the client stops waiting for an answer, in milliseconds since the epoch. */
  deadline: number
  /** Calls over service bindings so far, and the most that background work may make: see `CallCount`. */
  calls?: number
  callsAllowed?: number | undefined
}

/** How long a call of background work may take: nobody waits for it, and it is about a list. */
export const BACKGROUND_BUDGET_MS = 20_000

type Trace = TraceContext & { trips: Trips }

const traces = new AsyncLocalStorage<Trace>()

/** How long a request may take, over all workers. The shop reports an outage before the client gives up. */
export const REQUEST_BUDGET_MS = 5_500

/** Runs `work` as part of a request; its calls to dependencies are counted for that request. */
export function withTrace<T>(context: TraceContext, work: () => T): T {
  return traces.run({ ...context, trips: {} }, work)
}

/** The request that is being served; undefined outside one, as in an alarm. */
export function currentTrace(): Readonly<Trace> | undefined {
  return traces.getStore()
}

export function countTrip(dependency: Dependency): void {
  addTrips({ [dependency]: 1 })
}

/** Adds the round trips of another worker for this request. */
export function addTrips(trips: Trips): void {
  const trace = traces.getStore()
  if (trace === undefined) return
  for (const dependency of DEPENDENCIES) {
    const count = trips[dependency]
    if (count !== undefined) trace.trips[dependency] = (trace.trips[dependency] ?? 0) + count
  }
}

/**
 * How long a call may take now: `atMost`, or the time left for the request, and at least 1 ms.
 *
 * @param now milliseconds since the epoch
 */
export function budgetMs(atMost: number, now: number): number {
  const deadline = traces.getStore()?.deadline
  return deadline === undefined ? atMost : Math.max(1, Math.min(atMost, deadline - now))
}
