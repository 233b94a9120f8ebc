import { fail, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { addCalls, callCount, countCall, isCallBudgetSpent, withInvocation } from './invocation.ts'
import { log } from './log.ts'
import { addTrips, BACKGROUND_BUDGET_MS, currentTrace, type TraceContext, type Trips, withTrace } from './trace.ts'
import { childTraceparent } from './trace-context.ts'

/** An answer over a binding, with the round trips and the calls of further workers that it took. */
export type TracedAnswer<A> = A & { trips: Trips; calls?: number }

/**
 * The methods of an RPC contract as they cross a binding: the request, then its trace context. Methods of a contract
 * take one argument.
 */
export type TracedRpc<R> = {
  [M in keyof R]: R[M] extends (request: infer Q) => Promise<infer A>
    ? (request: Q, trace: TraceContext) => Promise<TracedAnswer<A>>
    : never
}

/**
 * Runs an operation for another worker, as part of the request that worker serves. An error is logged here, where its
 * cause is known, and becomes `service_unavailable` for the caller: errors lose their own properties over a binding,
 * results do not.
 */
export function answerRpc<T, F>(
  method: string,
  trace: TraceContext,
  operation: () => Promise<Result<T, F>>,
): Promise<TracedAnswer<Result<T, F | ServiceUnavailable>>> {
  const { calls = 0, callsAllowed } = trace
  const answering = async () => {
    const answer = await operation().catch((error: unknown) => {
      log('error', 'rpc_failed', { method, error })
      return fail({ code: 'service_unavailable' } as const)
    })
    return { ...answer, trips: currentTrace()?.trips ?? {}, calls: callCount().calls - calls }
  }
  return withInvocation({ calls, callsAllowed }, () =>
    withTrace({ ...trace, traceparent: childTraceparent(trace.traceparent) }, answering),
  )
}

/**
 * The contract behind a binding, as operations call it: each call passes the current request's trace context, and its
 * round trips and calls are counted for that request.
 *
 * A lost call (the other worker crashed, or is being replaced) is `service_unavailable` too. So is a call of background
 * work that has made all the calls it may make: it is not made, and that work is done again.
 *
 * @param options.invocationLimit in tests, where Cloudflare would refuse the call
 */
export function traced<R extends object>(
  binding: TracedRpc<R>,
  name: string,
  { invocationLimit }: { invocationLimit?: number | undefined } = {},
): R {
  const call = async (method: string, request: unknown) => {
    if (isCallBudgetSpent()) {
      log('warn', 'call_budget_spent', { service: name, method })
      return fail({ code: 'service_unavailable' })
    }
    try {
      countCall(invocationLimit)
      // The proxy stands for R, so every member that is called on it is a method of the binding.
      const remote = binding as unknown as Record<string, (...args: unknown[]) => Promise<TracedAnswer<object>>>
      const { trips, calls = 0, ...answer } = (await remote[method]?.(request, contextOfCall())) ?? { trips: {} }
      addTrips(trips)
      addCalls(calls)
      return answer
    } catch (error) {
      log('error', 'rpc_lost', { service: name, method, error })
      return fail({ code: 'service_unavailable' })
    }
  }
  return new Proxy({} as R, { get: (_, method) => (request: unknown) => call(String(method), request) })
}

/** Outside a request (a sweep, an alarm) a call is a request of its own. */
function contextOfCall(): TraceContext {
  const trace = currentTrace()
  if (trace !== undefined) {
    const { requestId, traceparent, deadline } = trace
    return { requestId, traceparent, deadline, ...callCount() }
  }
  return {
    requestId: crypto.randomUUID(),
    traceparent: childTraceparent(null),
    deadline: Date.now() + BACKGROUND_BUDGET_MS,
    ...callCount(),
  }
}
