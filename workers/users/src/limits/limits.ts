import { type LimitFigure, raisedLocally } from '@shop/contracts'
import { log } from '@shop/http'
import { fail, ok } from '@shop/kernel'
import type { Counter } from '../domain/counters.ts'
import type { Limits, Taken } from '../ports.ts'
import type { CounterStore, HashedCounter } from './counter-store.ts'

/**
 * The limits of sign-ins, failing closed: where Redis does not count, the objects do, just as strictly though from
 * nothing; where neither does, nobody signs in.
 *
 * @param options.redis null when there is none
 * @param options.raised whether limits per address are raised, as they are locally
 */
export function createLimits(options: { redis: CounterStore | null; objects: CounterStore; raised: boolean }): Limits {
  const hashed = async ({ limit, subject }: Counter): Promise<HashedCounter> => ({
    limit: options.raised ? raisedLocally(limit) : limit,
    key: await sha256(subject),
  })
  return {
    take: async (counters) => {
      const keys = await Promise.all(counters.map(hashed))
      if (options.redis !== null) {
        try {
          return ok(await takeFrom(options.redis, keys))
        } catch (error) {
          log('warn', 'limits_without_redis', { error })
        }
      }
      try {
        return ok(await takeFrom(options.objects, keys))
      } catch (error) {
        log('error', 'limits_unavailable', { error })
        return fail({ code: 'service_unavailable' })
      }
    },
  }
}

async function takeFrom(store: CounterStore, counters: HashedCounter[]): Promise<Taken> {
  const figures = await store.take(counters)
  return { figures, forgive: () => forgive(store, counters, figures) }
}

/** One that is not taken back counts as a failure: a try less for the client, for a while. */
async function forgive(store: CounterStore, counters: HashedCounter[], figures: LimitFigure[]): Promise<LimitFigure[]> {
  const isForgiven = ({ limit, isAllowed }: LimitFigure) => isAllowed && limit.counts === 'failures'
  const toGiveBack = counters.filter((_, index) => figures[index] !== undefined && isForgiven(figures[index]))
  if (toGiveBack.length === 0) return figures
  try {
    await store.giveBack(toGiveBack)
    return figures.map((figure) => (isForgiven(figure) ? { ...figure, remaining: figure.remaining + 1 } : figure))
  } catch (error) {
    log('warn', 'limits_not_given_back', { error })
    return figures
  }
}

/** Nothing that counts is to know e-mail addresses or where people are. */
async function sha256(text: string): Promise<string> {
  const digest = await crypto.subtle.digest('SHA-256', new TextEncoder().encode(text))
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
