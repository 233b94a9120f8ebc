import { log } from '@shop/http'
import { currentTrace } from '@shop/http/trace'
import type { Priority } from '../domain/turns.ts'
import type { StripeBudget } from './stripe-budget.ts'

/** How long a call waits for its turn: a customer is waiting too, a sweep has more time. */
export const LONGEST_WAIT_MS = { customer: 1_000, background: 2_000 } as const satisfies Record<Priority, number>

/** What a turn taken ahead may take to be used. */
const RESERVED_MS = 1_500
/** Short, since a spare may be used together with turns that come meanwhile. */
const SPARE_MS = 100
const ANSWER_WITHIN_MS = 1_000
const SOONEST_RETRY_MS = 50

/** Turns at the endpoints of Stripe, of which `kind` names one. */
export type Turns = {
  /** Waits for a turn; false when none comes in time. */
  take(kind: string, withinMs: number): Promise<boolean>
  /** The same ahead of a call, which then finds its turn there. */
  reserve(kind: string): Promise<boolean>
  /** Says that Stripe wants no call of that kind for a while. */
  pause(kind: string, ms: number): Promise<void>
}

/** What runs outside a request (a sweep, a message) has nobody waiting for it. */
export const priorityNow = (): Priority => (currentTrace() === undefined ? 'background' : 'customer')

/**
 * Asks the budget of all isolates, an object for each kind. Without an answer from it the call is made: a budget is no
 * reason to take no payment, and Stripe refuses what is too much.
 */
export function sharedTurns(namespace: DurableObjectNamespace<StripeBudget>): Turns {
  const spares = new Spares()
  const take = async (kind: string, withinMs: number): Promise<boolean> => {
    const priority = priorityNow()
    if (priority === 'customer' && spares.use(kind, Date.now())) return true
    const until = Date.now() + withinMs
    for (;;) {
      const left = until - Date.now()
      const turn = await inTime(namespace.getByName(kind).take({ priority, withinMs: left }))
      if (turn === undefined) return true
      spares.add(kind, turn.spares, Date.now() + SPARE_MS)
      if (turn.waitMs !== null) return sleep(turn.waitMs).then(() => true)
      const waitMs = Math.max(SOONEST_RETRY_MS, turn.retryAfterMs)
      if (priority === 'customer' || waitMs >= left) return false
      await sleep(waitMs)
    }
  }
  return {
    take,
    reserve: async (kind) => {
      const isGiven = await take(kind, LONGEST_WAIT_MS[priorityNow()])
      if (isGiven) spares.add(kind, 1, Date.now() + RESERVED_MS)
      return isGiven
    },
    pause: async (kind, ms) => {
      await inTime(namespace.getByName(kind).pause(ms))
    },
  }
}

/** Turns at hand in this isolate, by kind, each until it is too old. Any call of the kind may use them. */
class Spares {
  readonly #until = new Map<string, number[]>()

  add(kind: string, count: number, until: number): void {
    if (count > 0) this.#until.set(kind, [...(this.#until.get(kind) ?? []), ...Array<number>(count).fill(until)])
  }

  /** The one that ends first, since the others may wait. */
  use(kind: string, now: number): boolean {
    const [first, ...rest] = (this.#until.get(kind) ?? []).filter((until) => until >= now).sort((a, b) => a - b)
    this.#until.set(kind, rest)
    return first !== undefined
  }
}

async function inTime<T>(answer: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error('The budget does not answer')), ANSWER_WITHIN_MS)
  })
  try {
    return await Promise.race([answer, late])
  } catch (error) {
    log('warn', 'stripe_budget_failed', { error })
    return undefined
  } finally {
    clearTimeout(timer)
  }
}

const sleep = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms))
