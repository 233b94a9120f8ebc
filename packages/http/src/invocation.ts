import { AsyncLocalStorage } from 'node:async_hooks'
import { z } from 'zod'
import { log } from './log.ts'

/**
 * Calls over service bindings that an invocation may make, those of the workers it calls included. Cloudflare refuses
 * the 33rd Worker invocation of one request; see docs/decisions/0020.
 */
export const CALLS_WARNED = 25
/** Background work stops below the warning: what is left, the next invocation does. */
const BACKGROUND_CALLS = CALLS_WARNED - 1

/** Where calls over service bindings are counted: from the event that started the work, across all workers. */
export type CallCount = {
  /** Calls so far. */
  calls: number
  /** The most calls of background work; absent for a request, which must not be cut short. */
  callsAllowed?: number | undefined
}

type Invocation = CallCount & { isWarned: boolean }

const invocations = new AsyncLocalStorage<Invocation>()

/** Imitates the platform in tests: the call that would be too many throws. Absent in production. */
export const InvocationSettings = z.object({ INVOCATION_LIMIT: z.coerce.number().int().positive().optional() })

/** Thrown in tests where Cloudflare would refuse the call. */
class TooManyInvocations extends Error {
  override name = 'TooManyInvocations'

  constructor(limit: number) {
    super(`More than ${limit} Worker invocations in one request`)
  }
}

/** Counts the calls that `work` makes, after those that its invocation has made before in other workers. */
export function withInvocation<T>(before: CallCount, work: () => T): T {
  return invocations.run({ ...before, isWarned: before.calls >= CALLS_WARNED }, work)
}

/** Counts the calls of work that no request waits for: an alarm, a message. It gets no more calls than it may make. */
export function withBackgroundInvocation<T>(work: () => T): T {
  return withInvocation({ calls: 0, callsAllowed: BACKGROUND_CALLS }, work)
}

/**
 * Work of a request that may have any number of steps, such as those of a long list: it stops calling where background
 * work does. For steps that are made again if they are left out.
 */
export function withLimitedCalls<T>(work: () => T): T {
  return withInvocation({ calls: callCount().calls, callsAllowed: BACKGROUND_CALLS }, work)
}

/** The count of the current invocation, to pass on with a call. Outside of one nothing is counted. */
export function callCount(): CallCount {
  const { calls = 0, callsAllowed } = invocations.getStore() ?? {}
  return { calls, callsAllowed }
}

/** Whether background work has made all the calls that it may make. */
export function isCallBudgetSpent(): boolean {
  const invocation = invocations.getStore()
  return invocation?.callsAllowed !== undefined && invocation.calls >= invocation.callsAllowed
}

/**
 * Counts a call over a service binding before it is made.
 *
 * @param limit the platform's, in tests
 * @throws TooManyInvocations beyond the limit
 */
export function countCall(limit?: number): void {
  addCalls(1)
  if (limit === undefined || callCount().calls <= limit) return
  log('error', 'invocation_limit_exceeded', { limit })
  throw new TooManyInvocations(limit)
}

/** Adds calls that another worker has made for this invocation. */
export function addCalls(calls: number): void {
  const invocation = invocations.getStore()
  if (invocation === undefined) return
  invocation.calls += calls
  if (invocation.calls < CALLS_WARNED || invocation.isWarned) return
  invocation.isWarned = true
  log('warn', 'invocation_calls_high', { calls: invocation.calls, warned_at: CALLS_WARNED })
}
