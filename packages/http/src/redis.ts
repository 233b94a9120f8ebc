// Not part of the kit's index: the client contains every Redis command, and is larger than the gateway.
import { Redis } from '@upstash/redis'
import { type RedisOptions, redisRequester } from './redis-requester.ts'

/** Redis as {@link redisRequester} reaches it. One client serves a whole isolate: it has no state between commands. */
export function redisClient(options: RedisOptions): Redis {
  return new Redis(redisRequester(options))
}
