import { log } from '@shop/http/log'
import { type EdgeEntry, OUTAGE_MS } from '../domain/edge-entry.ts'

/** What the isolates of one place share. Never throws: what cannot be had is not there. */
export type SharedCache = {
  find(url: string): Promise<EdgeEntry | undefined>
  keep(url: string, entry: EdgeEntry): Promise<void>
}

/** As much of the Cache API as is used. */
type CacheApi = {
  match(url: string): Promise<Response | undefined>
  put(url: string, response: Response): Promise<void>
}

const AS_OF_HEADER = 'x-shop-as-of'
/** Slower than this, the cache of the place is no help. */
const FIND_MS = 100
/** How long a cache that failed is left alone. */
const REST_MS = 10_000

/**
 * Cloudflare's cache of the data centre, behind the isolate's own memory. It does nothing on workers.dev.
 * Source: https://developers.cloudflare.com/workers/runtime-apis/cache/
 */
export function coloCache(open: () => CacheApi, now: () => number): SharedCache {
  let restsUntil = 0
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (now() < restsUntil) return undefined
    try {
      return await within(FIND_MS, work())
    } catch (error) {
      restsUntil = now() + REST_MS
      log('warn', 'colo_cache_failed', { error })
      return undefined
    }
  }
  return {
    find: (url) => attempt(async () => entryOf(await open().match(url))),
    keep: async (url, entry) => {
      await attempt(() => open().put(url, responseOf(entry)))
    },
  }
}

function responseOf({ status, headers, body, asOf }: EdgeEntry): Response {
  const kept = new Headers(headers)
  // The tag would make the cache answer conditions of its own; here only whole entries are asked for.
  const marks = { 'cache-control': `public, s-maxage=${OUTAGE_MS / 1_000}`, [AS_OF_HEADER]: String(asOf) }
  for (const [name, value] of [...kept]) {
    kept.delete(name)
    kept.set(`x-shop-kept-${name}`, value)
  }
  for (const [name, value] of Object.entries(marks)) kept.set(name, value)
  return new Response(body, { status, headers: kept })
}

async function entryOf(response: Response | undefined): Promise<EdgeEntry | undefined> {
  const asOf = Number(response?.headers.get(AS_OF_HEADER))
  if (response === undefined || !(asOf > 0)) return undefined
  const headers = [...response.headers].flatMap(([name, value]): [string, string][] => {
    return name.startsWith('x-shop-kept-') ? [[name.slice('x-shop-kept-'.length), value]] : []
  })
  return { status: response.status, headers, body: await response.text(), asOf }
}

/** @returns undefined when the work takes longer; it goes on, and what it comes to is not heard */
export async function within<T>(milliseconds: number, work: Promise<T>): Promise<T | undefined> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const tooLate = new Promise<undefined>((resolve) => {
    timer = setTimeout(() => resolve(undefined), milliseconds)
  })
  try {
    return await Promise.race([work, tooLate])
  } finally {
    clearTimeout(timer)
  }
}
