import { type EdgeEntry, lifeOf, weightOf } from '../domain/edge-entry.ts'
import { Lru } from '../domain/lru.ts'
import type { SharedCache } from './colo-cache.ts'
import { within } from './within.ts'

/**
 * The catalog's answer: an entry where it may be cached, else the response as it came. `from` names its source, for the
 * log.
 */
export type OriginAnswer = { entry: EdgeEntry; from: string } | { response: Response }

export type EdgeRead = {
  /** Identifies the public read. */
  key: string
  /** The same for the data centre's cache: a URL of our own host. */
  url: string
  /** Reads from the catalog. Throws when it cannot be reached. */
  ask: () => Promise<OriginAnswer>
}

export type EdgeCache = { read(read: EdgeRead): Promise<OriginAnswer> }

const MAX_ENTRIES = 2_000
const MAX_BYTES = 16 * 1024 * 1024
/** How long a request waits for another's read, before it reads by itself. */
const JOIN_MS = 1_000

type Kept = { entry: EdgeEntry; from: string }
type Flight = { startedAt: number; kept: Promise<Kept | undefined> }

/**
 * Caches public answers near the client: in the isolate's memory, then in the data centre, then from the catalog.
 *
 * Of many requests for the same thing one reads and the others wait for its result, each with a timeout of its own,
 * because they wait for another request's work. They share plain values only, never its response. The one that reads
 * continues when its client disconnects (`later` is waitUntil), and one that never ends is ignored after a second.
 */
export function createEdgeCache(options: {
  shared: SharedCache
  later: (work: Promise<unknown>) => void
  now: () => number
}): EdgeCache {
  const { shared, later, now } = options
  const memory = new Lru<EdgeEntry>({ entries: MAX_ENTRIES, weight: MAX_BYTES })
  const flights = new Map<string, Flight>()

  const remember = (key: string, entry: EdgeEntry) => {
    const known = memory.get(key)
    if (known === undefined || known.asOf <= entry.asOf) memory.set(key, entry, weightOf(key, entry))
  }

  /** @param accepts whether a stale entry of the data centre is good enough, as it is without one in memory */
  async function fetchThrough({ key, url, ask }: EdgeRead, accepts: 'fresh' | 'stale'): Promise<OriginAnswer> {
    const found = await shared.find(url)
    const life = found === undefined ? 'dead' : lifeOf(found, now())
    if (found !== undefined && life !== 'dead') remember(key, found)
    if (found !== undefined && (life === 'fresh' || life === accepts)) return { entry: found, from: 'colo' }
    const answer = await ask().catch((error: unknown) => orLastKnown(key, error))
    if ('response' in answer) return answer.response.status < 500 ? answer : orLastKnown(key, undefined, answer)
    if (answer.from === 'outage') return answer
    remember(key, answer.entry)
    later(shared.keep(url, answer.entry))
    return answer
  }

  /** The last known answer while the catalog cannot answer, or else the failure itself. */
  function orLastKnown(key: string, error: unknown, failed?: OriginAnswer): OriginAnswer {
    const entry = memory.get(key)
    if (entry !== undefined && entry.status === 200 && lifeOf(entry, now()) !== 'dead') return { entry, from: 'outage' }
    if (failed !== undefined) return failed
    throw error
  }

  function lead(read: EdgeRead, accepts: 'fresh' | 'stale'): Promise<OriginAnswer> {
    const answer = fetchThrough(read, accepts)
    const land = (kept: Kept | undefined) => {
      if (flights.get(read.key) === flight) flights.delete(read.key)
      return kept
    }
    const kept = answer.then(
      (given) => land('entry' in given ? given : undefined),
      () => land(undefined),
    )
    const flight = { startedAt: now(), kept }
    flights.set(read.key, flight)
    later(kept)
    return answer
  }

  function flightOf(key: string): Flight | undefined {
    const flight = flights.get(key)
    return flight !== undefined && now() - flight.startedAt < JOIN_MS ? flight : undefined
  }

  function renew(read: EdgeRead): void {
    // After a failure the next request reads again, and gets its failure.
    if (flightOf(read.key) !== undefined) return
    void lead(read, 'fresh').then(
      (answer) => ('response' in answer ? answer.response.body?.cancel() : undefined),
      () => undefined,
    )
  }

  return {
    read: async (read) => {
      const known = memory.get(read.key)
      const life = known === undefined ? 'dead' : lifeOf(known, now())
      if (known !== undefined && life === 'fresh') return { entry: known, from: 'memory' }
      if (known !== undefined && life === 'stale') {
        renew(read)
        return { entry: known, from: 'stale' }
      }
      const flight = flightOf(read.key)
      const joined = flight && (await within(JOIN_MS - (now() - flight.startedAt), flight.kept))
      if (joined && (joined.from === 'outage' || isShown(joined.entry))) return { entry: joined.entry, from: 'joined' }
      const answer = await lead(read, 'stale')
      if ('entry' in answer && answer.from === 'colo' && lifeOf(answer.entry, now()) === 'stale') renew(read)
      return answer
    },
  }

  function isShown(entry: EdgeEntry): boolean {
    const life = lifeOf(entry, now())
    return life === 'fresh' || life === 'stale'
  }
}
