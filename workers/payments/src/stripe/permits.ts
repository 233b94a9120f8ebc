import { log } from '@shop/http/log'
import type { Objects } from '@shop/http/objects'
import { currentTrace } from '@shop/http/trace'
import { withTimeout } from '@shop/kernel/timeout'
import type { StripeBudget } from './budget-object.ts'
import type { Priority } from './domain/permits.ts'

/** How long a call waits for its permit: short for a waiting customer, longer for a sweep. */
export const LONGEST_WAIT_MS = { customer: 1_000, background: 2_000 } as const satisfies Record<Priority, number>

/** How long a prefetched permit for one call may be used. */
const RESERVED_MS = 1_500
/** Short, since a prefetched permit may be used together with those granted meanwhile. */
const PREFETCHED_MS = 100
const BUDGET_TIMEOUT_MS = 1_000
const SOONEST_RETRY_MS = 50

/** Permits for calls to Stripe, counted for each endpoint; see `endpointOf`. */
export type Permits = {
  /** Waits for a permit; false when none comes in time. */
  acquire(endpoint: string, withinMs: number): Promise<boolean>
  /** Acquires one ahead of a call, which then finds it. */
  reserve(endpoint: string): Promise<boolean>
  /** Stops granting permits for a while, because Stripe has answered 429. */
  pause(endpoint: string, ms: number): Promise<void>
}

/** Work outside a request (a sweep, a queue message) has nobody waiting for it. */
export const priorityNow = (): Priority => (currentTrace() === undefined ? 'background' : 'customer')

/**
 * Permits from the budget objects, one for each endpoint, which all isolates share. When an object does not answer, the
 * call is made: the budget must not stop payments, and Stripe refuses what is too much.
 */
export function sharedPermits(budgets: Objects<StripeBudget>): Permits {
  const prefetched = new PrefetchedPermits()
  const acquire = async (endpoint: string, withinMs: number): Promise<boolean> => {
    const priority = priorityNow()
    if (priority === 'customer' && prefetched.use(endpoint, Date.now())) return true
    const until = Date.now() + withinMs
    for (;;) {
      const left = until - Date.now()
      const permit = await unlessLate(budgets(endpoint).grant({ priority, withinMs: left }))
      if (permit === undefined) return true
      prefetched.add(endpoint, permit.prefetched, Date.now() + PREFETCHED_MS)
      if (permit.waitMs !== null) return sleep(permit.waitMs).then(() => true)
      const waitMs = Math.max(SOONEST_RETRY_MS, permit.retryAfterMs)
      if (priority === 'customer' || waitMs >= left) return false
      await sleep(waitMs)
    }
  }
  return {
    acquire,
    reserve: async (endpoint) => {
      const isGranted = await acquire(endpoint, LONGEST_WAIT_MS[priorityNow()])
      if (isGranted) prefetched.add(endpoint, 1, Date.now() + RESERVED_MS)
      return isGranted
    },
    pause: async (endpoint, ms) => {
      await unlessLate(budgets(endpoint).pause(ms))
    },
  }
}

/** Permits of this isolate by endpoint, each with its expiry. Any call of the endpoint may use them. */
class PrefetchedPermits {
  readonly #expiries = new Map<string, number[]>()

  add(endpoint: string, count: number, expiresAt: number): void {
    if (count === 0) return
    this.#expiries.set(endpoint, [...(this.#expiries.get(endpoint) ?? []), ...Array<number>(count).fill(expiresAt)])
  }

  /** Uses the one that expires first, since the others last longer. */
  use(endpoint: string, now: number): boolean {
    const valid = (this.#expiries.get(endpoint) ?? []).filter((expiry) => expiry >= now)
    const [first, ...rest] = valid.sort((one, other) => one - other)
    this.#expiries.set(endpoint, rest)
    return first !== undefined
  }
}

async function unlessLate<T>(answer: Promise<T>): Promise<T | undefined> {
  try {
    return await withTimeout(answer, BUDGET_TIMEOUT_MS, () => new Error('The budget does not answer'))
  } catch (error) {
    log('warn', 'stripe_budget_failed', { error })
    return undefined
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
