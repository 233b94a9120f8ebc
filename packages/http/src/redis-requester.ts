import { Unavailable } from '@shop/kernel/unavailable'
import { dependencyFetch } from './dependency-fetch.ts'

export type RedisOptions = {
  /** UPSTASH_REDIS_REST_URL. May carry the token as its password, as the Upstash emulator's does. */
  url: string
  /** UPSTASH_REDIS_REST_TOKEN */
  token?: string | undefined
  /** The most that one round trip may take, including reading its answer. */
  timeoutMs: number
}

/** A requester of @upstash/redis; a command that Redis refuses is an `error` in its answer. */
export type RedisRequester = { request<T>(request: { path?: string[]; body?: unknown }): Promise<RedisAnswer<T>> }
export type RedisAnswer<T> = { result?: T; error?: string }

/**
 * Sends commands to Redis over Upstash's REST protocol. Nothing is retried: every caller has another source for its
 * answer.
 *
 * @throws Unavailable, from every request, when Redis does not answer in time, or when the answer is not Redis's own
 */
export function redisRequester({ url, token, timeoutMs }: RedisOptions): RedisRequester {
  const { origin, pathname, password } = new URL(url)
  const base = origin + pathname.replace(/\/$/, '')
  const headers = {
    'content-type': 'application/json',
    authorization: `Bearer ${token || decodeURIComponent(password)}`,
  }
  // Redis refuses a command with 400; a wrong token or an exhausted plan counts as no answer.
  const ask = dependencyFetch('redis', { timeoutMs, accept: onlyWordsOfRedis })
  return {
    request: async ({ path = [], body }) => {
      const response = await ask([base, ...path].join('/'), { method: 'POST', headers, body: JSON.stringify(body) })
      try {
        return answerOf(await response.json())
      } catch (error) {
        throw new Unavailable('redis', error)
      }
    },
  }
}

function onlyWordsOfRedis(response: Response): Response {
  if (response.status === 200 || response.status === 400) return response
  throw new Unavailable('redis')
}

function answerOf<T>(body: unknown): RedisAnswer<T> {
  const answers = Array.isArray(body) ? body : [body]
  if (!answers.every(isAnswer)) throw new Error('Not an answer of Redis')
  // The caller knows the type of its command's answer; a pipeline's answer is a list of them, as the client expects.
  return body as RedisAnswer<T>
}

const isAnswer = (answer: unknown) =>
  typeof answer === 'object' && answer !== null && ('result' in answer || 'error' in answer)
