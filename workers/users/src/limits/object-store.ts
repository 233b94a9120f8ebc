import { Unavailable } from '@shop/kernel'
import type { CounterStore, HashedCounter } from './counter-store.ts'
import type { LimiterObject } from './limiter-object.ts'

const TIMEOUT_MS = 2_000

/** Counts in Durable Objects, one for each counter. */
export function objectStore(namespace: DurableObjectNamespace<LimiterObject>): CounterStore {
  const objectOf = ({ limit, key }: HashedCounter) => namespace.getByName(`${limit.name}:${key}`)
  return {
    take: (counters) =>
      inTime(
        counters.map(async (counter) => ({
          limit: counter.limit,
          ...(await objectOf(counter).take(quotaOf(counter))),
        })),
      ),
    giveBack: async (counters) => {
      await inTime(counters.map((counter) => objectOf(counter).giveBack(quotaOf(counter))))
    },
  }
}

/** Only what the object needs to know: what else a limit says may change. */
const quotaOf = ({ limit: { quota, windowSeconds } }: HashedCounter) => ({ quota, windowSeconds })

async function inTime<T>(calls: Promise<T>[]): Promise<T[]> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Unavailable('limiter objects')), TIMEOUT_MS)
  })
  try {
    return await Promise.race([Promise.all(calls), late])
  } finally {
    clearTimeout(timer)
  }
}
