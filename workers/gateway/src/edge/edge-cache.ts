import { type EdgeEntry, lifeOf, weightOf } from '../domain/edge-entry.ts'
import { Lru } from '../domain/lru.ts'
import { type SharedCache, within } from './colo-cache.ts'

/** What the catalog answered: an entry where it may be kept, else the response as it came. */
export type OriginAnswer = { entry: EdgeEntry; from: string } | { response: Response }
/** `from` says where it was taken from, for the log. */
export type EdgeAnswer = OriginAnswer

export type EdgeRead = {
  /** Names what is read among all public reads. */
  key: string
  /** The same for the cache of the place, as a URL of a host that is ours. */
  url: string
  /** Asks the catalog. Throws when it cannot be reached. */
  ask: () => Promise<OriginAnswer>
}

export type EdgeCache = { read(read: EdgeRead): Promise<EdgeAnswer> }

const MOST_ENTRIES = 2_000
const MOST_BYTES = 16 * 1024 * 1024
/** How long a request waits for what another has asked, before it asks for itself. */
const JOIN_MS = 1_000

type Kept = { entry: EdgeEntry; from: string }
type Flight = { startedAt: number; kept: Promise<Kept | undefined> }

/**
 * Public answers near the client: in the isolate's memory, then in the cache of the place, then from the catalog.
 *
 * Of many requests for the same thing one asks and the others wait for what it gets, with a time of their own: what they
 * wait for belongs to another request. They share plain values only, never its response. The one that asks goes on
 * when its client leaves (`later` is waitUntil), and one that never ends is passed over after a second.
 */
export function createEdgeCache(options: {
  shared: SharedCache
  later: (work: Promise<unknown>) => void
  now: () => number
}): EdgeCache {
  const { shared, later, now } = options
  const memory = new Lru<EdgeEntry>({ entries: MOST_ENTRIES, weight: MOST_BYTES })
  const flights = new Map<string, Flight>()

  const remember = (key: string, entry: EdgeEntry) => {
    const known = memory.get(key)
    if (known === undefined || known.asOf <= entry.asOf) memory.set(key, entry, weightOf(key, entry))
  }

  /** @param accepts whether one that is stale will do, as it does for who has nothing better */
  async function fetchThrough({ key, url, ask }: EdgeRead, accepts: 'fresh' | 'stale'): Promise<EdgeAnswer> {
    const found = await shared.find(url)
    const life = found === undefined ? 'dead' : lifeOf(found, now())
    if (found !== undefined && life !== 'dead') remember(key, found)
    if (found !== undefined && (life === 'fresh' || life === accepts)) return { entry: found, from: 'colo' }
    const answer = await ask().catch((error: unknown) => orOld(key, error))
    if ('response' in answer) return answer.response.status < 500 ? answer : orOld(key, undefined, answer)
    if (answer.from === 'outage') return answer
    remember(key, answer.entry)
    later(shared.keep(url, answer.entry))
    return answer
  }

  /** What was known before the catalog could not answer any more, or the failure itself. */
  function orOld(key: string, error: unknown, failed?: EdgeAnswer): EdgeAnswer {
    const entry = memory.get(key)
    if (entry !== undefined && entry.status === 200 && lifeOf(entry, now()) !== 'dead') return { entry, from: 'outage' }
    if (failed !== undefined) return failed
    throw error
  }

  function lead(read: EdgeRead, accepts: 'fresh' | 'stale'): Promise<EdgeAnswer> {
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
    // What fails is asked for again by the next request, and told to that one.
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
