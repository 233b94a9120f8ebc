import { log } from '@shop/http/log'
import { type EdgeEntry, OUTAGE_MS } from '../domain/edge-entry.ts'
import { within } from './within.ts'

/** The cache that the isolates of one data centre share. Never throws: what cannot be read is absent. */
export type SharedCache = {
  find(url: string): Promise<EdgeEntry | undefined>
  keep(url: string, entry: EdgeEntry): Promise<void>
}

/** The part of the Cache API that is used. */
type CacheApi = {
  match(url: string): Promise<Response | undefined>
  put(url: string, response: Response): Promise<void>
}

const AS_OF_HEADER = 'x-shop-as-of'
const VALID_UNTIL_HEADER = 'x-shop-valid-until'
/** Slower than this, the cache does not help. */
const TIMEOUT_MS = 100
/** How long a cache that failed is not asked again. */
const PAUSE_MS = 10_000

/**
 * Cloudflare's cache of the data centre. It does nothing on workers.dev.
 * Source: https://developers.cloudflare.com/workers/runtime-apis/cache/
 */
export function coloCache(open: () => CacheApi, now: () => number): SharedCache {
  let pausedUntil = 0
  const attempt = async <T>(work: () => Promise<T>): Promise<T | undefined> => {
    if (now() < pausedUntil) return undefined
    try {
      return await within(TIMEOUT_MS, work())
    } catch (error) {
      pausedUntil = now() + PAUSE_MS
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

function responseOf({ status, headers, body, asOf, validUntil }: EdgeEntry): Response {
  const kept = new Headers(headers)
  const marks = { 'cache-control': `public, s-maxage=${OUTAGE_MS / 1_000}`, [AS_OF_HEADER]: String(asOf) }
  // Under other names: with an ETag the cache would answer conditional requests itself.
  for (const [name, value] of [...kept]) {
    kept.delete(name)
    kept.set(`x-shop-kept-${name}`, value)
  }
  for (const [name, value] of Object.entries(marks)) kept.set(name, value)
  if (validUntil !== undefined) kept.set(VALID_UNTIL_HEADER, String(validUntil))
  return new Response(body, { status, headers: kept })
}

async function entryOf(response: Response | undefined): Promise<EdgeEntry | undefined> {
  const asOf = Number(response?.headers.get(AS_OF_HEADER))
  if (response === undefined || !(asOf > 0)) return undefined
  const headers = [...response.headers].flatMap(([name, value]): [string, string][] => {
    return name.startsWith('x-shop-kept-') ? [[name.slice('x-shop-kept-'.length), value]] : []
  })
  const validUntil = Number(response.headers.get(VALID_UNTIL_HEADER) ?? Number.NaN)
  return {
    ...{ status: response.status, headers, body: await response.text(), asOf },
    ...(Number.isFinite(validUntil) && { validUntil }),
  }
}
