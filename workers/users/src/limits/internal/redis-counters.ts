import { type RedisOptions, type RedisRequester, redisRequester } from '@shop/http/redis-requester'
import { Unavailable } from '@shop/kernel/unavailable'
import { Ratelimit } from '@upstash/ratelimit'
import type { CounterStore, HashedCounter } from './counter-store.ts'
import { pipelined } from './pipelined.ts'

/** Counts in Redis: all counters of a call in one round trip. */
export function redisCounters(options: RedisOptions): CounterStore {
  const requester = redisRequester(options)
  const change = (counters: HashedCounter[], rate: 1 | -1) => {
    const redis = scriptRunner(pipelined(requester))
    return Promise.all(counters.map((counter) => changeOne(redis, counter, rate)))
  }
  return {
    count: (counters) => change(counters, 1),
    uncount: async (counters) => {
      await change(counters, -1)
    },
  }
}

type RatelimitRedis = ConstructorParameters<typeof Ratelimit>[0]['redis']

/** The part of a Redis client that a sliding window uses. All of @upstash/redis would be a tenth of this worker. */
function scriptRunner(requester: RedisRequester): RatelimitRedis {
  const run = (command: string) => async (script: string, keys: string[], args: unknown[]) => {
    const { result, error } = await requester.request({ body: [command, script, keys.length, ...keys, ...args] })
    // The library looks for NOSCRIPT in the message, and then sends the script.
    if (error !== undefined) throw new Error(error)
    return result
  }
  // Its other two members are for limits that change while they run.
  return { evalsha: run('evalsha'), eval: run('eval') } as unknown as RatelimitRedis
}

async function changeOne(redis: RatelimitRedis, { limit, key }: HashedCounter, rate: 1 | -1) {
  const ratelimit = new Ratelimit({
    redis,
    prefix: `limits:${limit.name}`,
    limiter: Ratelimit.slidingWindow(limit.quota, `${limit.windowSeconds} s`),
    // An attempt may have been uncounted since, which only Redis knows.
    ephemeralCache: false,
    // Its own time limit would let the attempt pass.
    timeout: 0,
    enableTelemetry: false,
  })
  const { success, remaining, reset, limit: quota } = await ratelimit.limit(key, { rate })
  if (quota !== limit.quota || !Number.isInteger(remaining)) throw new Unavailable('redis')
  return { limit, isAllowed: success, remaining, resetsAt: new Date(reset) }
}
