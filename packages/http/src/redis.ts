// Not part of the kit's index: the client knows every command there is, and is larger than the gateway.
import { Redis } from '@upstash/redis'
import { type RedisOptions, redisRequester } from './redis-requester.ts'

/** Redis as {@link redisRequester} reaches it. One client does for a whole isolate: it keeps nothing between commands. */
export function redisClient(options: RedisOptions): Redis {
  return new Redis(redisRequester(options))
}
