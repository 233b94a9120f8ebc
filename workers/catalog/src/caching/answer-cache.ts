import { redisClient } from '@shop/http/redis'
import type { KeptAnswer } from './domain/kept-answer.ts'

/** After this time a database read is just as fast. */
const REDIS_TIMEOUT_MS = 100
const VERSION_KEY = 'catalog:version'
/** The number is the format of the answers: a newer worker never reads the entries of an older one. */
const answerKey = (key: string) => `catalog:answer:4:${key}`

/**
 * Answers kept in Redis, each with the version of the catalogue at which it was read; any may be gone at any time.
 *
 * @throws Unavailable, from every method, when Redis does not answer
 */
export const answerCache = ({ url, token }: { url: string; token?: string | undefined }) => {
  const redis = redisClient({ url, token, timeoutMs: REDIS_TIMEOUT_MS })
  return {
    /** The version of the catalogue and what is kept under the key, in one round trip and unchecked. */
    read: async (key: string): Promise<{ version: unknown; kept: unknown }> => {
      // The version comes first: read after the answer, it would hide a change between them.
      const [version, kept] = await redis.pipeline().get(VERSION_KEY).get(answerKey(key)).exec<[unknown, unknown]>()
      return { version, kept }
    },
    keep: async (key: string, answer: KeptAnswer, milliseconds: number): Promise<void> => {
      await redis.set(answerKey(key), answer, { px: milliseconds })
    },
    /** Sets the first version of the catalogue, unless it has one. */
    setFirstVersion: async (version: number): Promise<void> => {
      await redis.set(VERSION_KEY, version, { nx: true })
    },
    /** Starts a new version, which invalidates everything kept before. */
    startVersion: async (): Promise<void> => {
      await redis.incr(VERSION_KEY)
    },
    ping: async (): Promise<void> => {
      await redis.ping()
    },
  }
}

export type AnswerCache = ReturnType<typeof answerCache>
