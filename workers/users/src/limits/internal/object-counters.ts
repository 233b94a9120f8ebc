import type { Objects } from '@shop/http/objects'
import { withTimeout } from '@shop/kernel/timeout'
import { Unavailable } from '@shop/kernel/unavailable'
import type { LimiterObject } from '../limiter-object.ts'
import type { CounterStore, HashedCounter } from './counter-store.ts'

const TIMEOUT_MS = 2_000

/** Counts in Durable Objects, one for each counter. */
export function objectCounters(objects: Objects<LimiterObject>): CounterStore {
  const objectOf = ({ limit, key }: HashedCounter) => objects(`${limit.name}:${key}`)
  return {
    count: (counters) =>
      inTime(
        counters.map(async (counter) => ({
          limit: counter.limit,
          ...(await objectOf(counter).count(quotaOf(counter))),
        })),
      ),
    uncount: async (counters) => {
      await inTime(counters.map((counter) => objectOf(counter).uncount(quotaOf(counter))))
    },
  }
}

/** Only the members that the object needs: the rest of a limit may change. */
const quotaOf = ({ limit: { quota, windowSeconds } }: HashedCounter) => ({ quota, windowSeconds })

const inTime = <T>(calls: Promise<T>[]): Promise<T[]> =>
  withTimeout(Promise.all(calls), TIMEOUT_MS, () => new Unavailable('limiter objects'))
