import { redisClient } from '@shop/http/redis'
import type { AnswerCache } from './ports.ts'

/** Longer than this the database answers too. */
const REDIS_TIMEOUT_MS = 100
const VERSION_KEY = 'catalog:version'
/** The number counts the shapes an answer has had: what an older worker kept is never read by a newer one. */
const answerKey = (key: string) => `catalog:answer:1:${key}`

/** Answers kept in Redis, each with the version of the catalogue it was read at. */
export function answerCache({ url, token }: { url: string; token?: string | undefined }): AnswerCache {
  const redis = redisClient({ url, token, timeoutMs: REDIS_TIMEOUT_MS })
  return {
    read: async (key) => {
      // The version comes first: were it read after the answer, a change between them would go unseen.
      const [version, kept] = await redis.pipeline().get(VERSION_KEY).get(answerKey(key)).exec<[unknown, unknown]>()
      return { version, kept }
    },
    keep: async (key, answer, milliseconds) => {
      await redis.set(answerKey(key), answer, { px: milliseconds })
    },
    begin: async (version) => {
      await redis.set(VERSION_KEY, version, { nx: true })
    },
    renew: async () => {
      await redis.incr(VERSION_KEY)
    },
    ping: async () => {
      await redis.ping()
    },
  }
}
