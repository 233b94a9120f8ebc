/** An answer as it is cached, without anything of the request it was made for. */
export type EdgeEntry = {
  status: number
  headers: [name: string, value: string][]
  body: string
  /** When its content was current, in milliseconds since the epoch: it was read then or later. */
  asOf: number
  /** When its content changes by itself; absent for never. */
  validUntil?: number | undefined
}

/** Younger entries are served as they are. */
const FRESH_MS = 500
/** Younger entries are served once more while they are refreshed; older ones are not, so a change shows within 1 s. */
const STALE_MS = 1_000
/** Younger entries are served while the catalog cannot answer: see docs/decisions/0004-caches.md. */
export const OUTAGE_MS = 60_000

export type Life = 'fresh' | 'stale' | 'old' | 'dead'

/** @param now milliseconds since the epoch; an entry from the future, by a clock that ran ahead, is not used */
export function lifeOf({ asOf, validUntil }: Pick<EdgeEntry, 'asOf' | 'validUntil'>, now: number): Life {
  const age = now - asOf
  if (age < 0 || age >= OUTAGE_MS) return 'dead'
  if (validUntil !== undefined && now >= validUntil) return 'old'
  if (age < FRESH_MS) return 'fresh'
  return age < STALE_MS ? 'stale' : 'old'
}

/** Headers of the content, not of the request. */
const KEPT_HEADERS = ['content-type', 'content-language', 'cache-control', 'etag', 'vary', 'x-shop-route']
const KEPT_STATUSES = new Set([200, 404])

/**
 * When the content of an answer was current; undefined when the worker has not allowed caching it.
 *
 * @param cacheable the worker's header: the age of the content when the worker was asked, in milliseconds
 * @param askedAt before the worker was asked, so that the time on the way makes an answer older, never younger
 */
export function asOfAnswer(status: number, cacheable: string | null, askedAt: number): number | undefined {
  const age = Number(cacheable ?? Number.NaN)
  return KEPT_STATUSES.has(status) && cacheable !== '' && age >= 0 ? askedAt - age : undefined
}

/**
 * When the content of an answer changes by itself; undefined for never.
 *
 * @param valid the worker's header: in how many milliseconds from when it was asked
 */
export function validUntilOf(valid: string | null, askedAt: number): number | undefined {
  const milliseconds = Number(valid ?? Number.NaN)
  return Number.isFinite(milliseconds) ? askedAt + milliseconds : undefined
}

export function keptHeaders(headers: Headers): [string, string][] {
  return KEPT_HEADERS.flatMap((name): [string, string][] => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
}

/** Bytes of memory an entry takes, roughly: strings beyond Latin-1 take two per character. */
export function weightOf(key: string, { body }: EdgeEntry): number {
  return 2 * (key.length + body.length) + 500
}
