/** An answer as it is kept: nothing of the request it was given to. */
export type EdgeEntry = {
  status: number
  headers: [name: string, value: string][]
  body: string
  /** When what it shows was true, in milliseconds since the epoch: it was read then or later. */
  asOf: number
}

/** Shown without a question. */
export const FRESH_MS = 500
/** Shown once more while it is asked for again; older than this it is not shown, so that a change is seen within 1 s. */
export const STALE_MS = 1_000
/**
 * Shown when the catalog cannot answer. Nobody can change a product then, but through a database that only we cannot
 * reach: see docs/decisions/0004-caches.md.
 */
export const OUTAGE_MS = 60_000

export type Life = 'fresh' | 'stale' | 'old' | 'dead'

/** @param now milliseconds since the epoch; an entry of the future, by a clock that ran ahead, is not believed */
export function lifeOf({ asOf }: Pick<EdgeEntry, 'asOf'>, now: number): Life {
  const age = now - asOf
  if (age < 0 || age >= OUTAGE_MS) return 'dead'
  if (age < FRESH_MS) return 'fresh'
  return age < STALE_MS ? 'stale' : 'old'
}

/** Headers that belong to what is shown and not to who asked. */
const KEPT_HEADERS = ['content-type', 'cache-control', 'etag', 'x-shop-route']
const KEPT_STATUSES = new Set([200, 404])

/**
 * When what an answer shows was true; null when the worker has not said that it may be kept.
 *
 * @param cacheable the worker's header: the age of the answer when the worker was asked, in milliseconds
 * @param askedAt before the worker was asked, so that time on the way makes an answer older and never younger
 */
export function asOfAnswer(status: number, cacheable: string | null, askedAt: number): number | null {
  const age = Number(cacheable ?? Number.NaN)
  return KEPT_STATUSES.has(status) && cacheable !== '' && age >= 0 ? askedAt - age : null
}

export function keptHeaders(headers: Headers): [string, string][] {
  return KEPT_HEADERS.flatMap((name): [string, string][] => {
    const value = headers.get(name)
    return value === null ? [] : [[name, value]]
  })
}

/** Bytes of memory an entry takes, about: strings that are not all Latin-1 take two a character. */
export function weightOf(key: string, { body }: EdgeEntry): number {
  return 2 * (key.length + body.length) + 500
}
