import { type LimitStatus, raisedLocally } from '@shop/contracts/limits'
import { log } from '@shop/http/log'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { Counter } from '../domain/counters.ts'
import type { CounterStore, HashedCounter } from './counter-store.ts'

/** The counted attempt; it may proceed if every status allows it. */
export type Counted = {
  statuses: LimitStatus[]
  /** Uncounts the limits that count only failures, and returns the statuses after that. Does not fail. */
  uncountFailures(): Promise<LimitStatus[]>
}

export type AttemptLimits = {
  /** Counts an attempt on every counter that allows it. Without a way to count, no attempt is allowed. */
  count(counters: Counter[]): Promise<Result<Counted, ServiceUnavailable>>
}

/**
 * The limits of registrations and of other requests. They fail closed: when the Durable Objects that count do not answer,
 * nobody passes.
 *
 * @param options.raised whether limits per address are raised, as they are locally
 */
export function createAttemptLimits(options: { objects: CounterStore; raised: boolean }): AttemptLimits {
  /** Subjects are hashed, so that no store learns e-mail addresses or client addresses. */
  const hashed = async ({ limit, subject }: Counter): Promise<HashedCounter> => ({
    limit: options.raised ? raisedLocally(limit) : limit,
    key: await sha256Hex(subject),
  })
  return {
    count: async (counters) => {
      try {
        return ok(await countIn(options.objects, await Promise.all(counters.map(hashed))))
      } catch (error) {
        log('error', 'limits_unavailable', { error })
        return fail({ code: 'service_unavailable' })
      }
    },
  }
}

async function countIn(store: CounterStore, counters: HashedCounter[]): Promise<Counted> {
  const statuses = await store.count(counters)
  return { statuses, uncountFailures: () => uncountFailures(store, counters, statuses) }
}

/**
 * If uncounting fails, the attempt stays counted as a failure: the client has one attempt less until the window ends.
 */
async function uncountFailures(
  store: CounterStore,
  counters: HashedCounter[],
  statuses: LimitStatus[],
): Promise<LimitStatus[]> {
  const isUncounted = ({ limit, isAllowed }: LimitStatus) => isAllowed && limit.counts === 'failures'
  const toUncount = counters.filter((_, index) => statuses[index] !== undefined && isUncounted(statuses[index]))
  if (toUncount.length === 0) return statuses
  try {
    await store.uncount(toUncount)
    return statuses.map((status) => (isUncounted(status) ? { ...status, remaining: status.remaining + 1 } : status))
  } catch (error) {
    log('warn', 'limits_not_uncounted', { error })
    return statuses
  }
}
