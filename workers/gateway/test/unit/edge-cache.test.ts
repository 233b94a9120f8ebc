import { describe, expect, it, vi } from 'vitest'
import type { EdgeEntry } from '../../src/caching/domain/edge-entry.ts'
import { coloCache, type SharedCache } from '../../src/caching/internal/colo-cache.ts'
import { createEdgeCache, type OriginAnswer } from '../../src/caching/internal/edge-cache.ts'

/** A catalog that counts its requests, two isolates in front of it, and a clock. */
function anEdge(shared?: SharedCache) {
  const clock = { now: 1_000_000 }
  const place = new Map<string, EdgeEntry>()
  const dataCentre: SharedCache = {
    find: async (url) => place.get(url),
    keep: async (url, entry) => void place.set(url, entry),
  }
  const isolate = () =>
    createEdgeCache({ shared: shared ?? dataCentre, later: (work) => void work, now: () => clock.now })
  const catalog = { asked: 0, answer: async (): Promise<OriginAnswer> => kept(`answer ${catalog.asked}`) }
  const kept = (body: string): OriginAnswer => ({
    entry: { status: 200, headers: [], body, asOf: clock.now },
    from: 'postgres',
  })
  const ask = () => {
    catalog.asked += 1
    return catalog.answer()
  }
  const reader = (edge: ReturnType<typeof isolate>) => async (key: string) => {
    const answer = await edge.read({ key, url: `https://shop${key}`, ask })
    return 'entry' in answer ? `${answer.from}: ${answer.entry.body}` : answer.response.status
  }
  return { clock, catalog, kept, place, read: reader(isolate()), readElsewhere: reader(isolate()) }
}
const settled = () => new Promise((resolve) => setTimeout(resolve))
const refusal = (status: number) => async () => ({ response: new Response(null, { status }) })

describe('the edge cache', () => {
  it('fetches once and serves the answer for half a second', async () => {
    const { read, clock, catalog } = anEdge()
    expect(await read('/a')).toBe('postgres: answer 1')
    clock.now += 499
    expect(await read('/a')).toBe('memory: answer 1')
    expect(await read('/b')).toBe('postgres: answer 2')
    expect(catalog.asked).toBe(2)
  })

  it('serves a stale answer while it refreshes it, once', async () => {
    const { read, clock, catalog } = anEdge()
    await read('/a')
    clock.now += 600
    expect(await Promise.all([read('/a'), read('/a')])).toEqual(['stale: answer 1', 'stale: answer 1'])
    await settled()
    expect(catalog.asked).toBe(2)
    expect(await read('/a')).toBe('memory: answer 2')
  })

  it('serves nothing older than a second, even while a refresh takes long', async () => {
    const { read, clock, catalog, kept } = anEdge()
    await read('/a')
    clock.now += 999
    let answer = (_: OriginAnswer) => {}
    catalog.answer = () => new Promise((resolve) => (answer = resolve))
    expect(await read('/a')).toBe('stale: answer 1')
    await settled()
    clock.now += 1
    const waiting = read('/a')
    await settled()
    answer(kept('new'))
    expect(await waiting).toBe('joined: new')
    expect(catalog.asked).toBe(2)
  })

  it('adds the age that an answer had at the catalog', async () => {
    const { read, clock, catalog } = anEdge()
    catalog.answer = async () => ({
      entry: { status: 200, headers: [], body: 'kept in Redis', asOf: clock.now - 450 },
      from: 'redis',
    })
    expect(await read('/a')).toBe('redis: kept in Redis')
    clock.now += 50
    expect(await read('/a')).toBe('stale: kept in Redis')
  })

  it('coalesces simultaneous reads', async () => {
    const { read, catalog } = anEdge()
    const answers = await Promise.all(Array.from({ length: 50 }, () => read('/a')))
    expect(catalog.asked).toBe(1)
    expect(new Set(answers)).toEqual(new Set(['postgres: answer 1', 'joined: answer 1']))
  })

  it('waits at most a second for another request’s read', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
    const { read, catalog, kept, clock } = anEdge()
    catalog.answer = () => new Promise(() => {})
    void read('/a')
    await vi.advanceTimersByTimeAsync(0)
    const second = read('/a')
    catalog.answer = async () => kept('own')
    clock.now += 1_000
    await vi.advanceTimersByTimeAsync(1_000)
    expect(await second).toBe('postgres: own')
    expect(await read('/a')).toBe('memory: own')
    vi.useRealTimers()
  })

  it.each([404, 422, 429])('does not cache a %i, and lets each request read it', async (status) => {
    const { read, catalog } = anEdge()
    catalog.answer = refusal(status)
    expect(await Promise.all([read('/a'), read('/a')])).toEqual([status, status])
    expect(await read('/a')).toBe(status)
    expect(catalog.asked).toBe(3)
  })

  it('serves the last known answer for a minute while the catalog is down', async () => {
    const { read, catalog, clock } = anEdge()
    await read('/a')
    for (const fails of [refusal(503), () => Promise.reject(new Error('gone'))]) {
      catalog.answer = fails
      clock.now += 20_000
      expect(await read('/a')).toBe('outage: answer 1')
    }
    clock.now += 20_000
    await expect(read('/a')).rejects.toThrow('gone')
    catalog.answer = refusal(503)
    expect(await read('/b')).toBe(503)
  })

  it('does not treat a refusal as an outage', async () => {
    const { read, catalog, clock } = anEdge()
    await read('/a')
    clock.now += 2_000
    catalog.answer = refusal(422)
    expect(await read('/a')).toBe(422)
  })

  it('shares answers within a data centre, by their age', async () => {
    const { read, readElsewhere, clock, catalog } = anEdge()
    await read('/a')
    clock.now += 400
    expect(await readElsewhere('/a')).toBe('colo: answer 1')
    clock.now += 200
    expect(await readElsewhere('/a')).toBe('stale: answer 1')
    await settled()
    expect(catalog.asked).toBe(2)
    clock.now += 400
    expect(await read('/a')).toBe('colo: answer 2')
  })

  it('refreshes a stale answer of the data centre', async () => {
    const { read, readElsewhere, clock, catalog } = anEdge()
    await read('/a')
    clock.now += 700
    expect(await readElsewhere('/a')).toBe('colo: answer 1')
    await settled()
    expect(catalog.asked).toBe(2)
    expect(await readElsewhere('/a')).toBe('memory: answer 2')
  })
})

describe('the cache of the data centre', () => {
  const entry: EdgeEntry = {
    status: 404,
    headers: [
      ['cache-control', 'no-store'],
      ['etag', '"a"'],
    ],
    body: '{"code":"product_not_found"}',
    asOf: 1_000_000,
  }
  function aCacheApi() {
    const stored = new Map<string, Response>()
    return {
      stored,
      match: async (url: string) => stored.get(url)?.clone(),
      put: async (url: string, response: Response) => void stored.set(url, response),
    }
  }

  it('returns an entry unchanged, and sets its own max-age', async () => {
    const api = aCacheApi()
    const cache = coloCache(() => api, Date.now)
    await cache.keep('https://shop/a', entry)
    expect(await cache.find('https://shop/a')).toEqual(entry)
    await cache.keep('https://shop/c', { ...entry, validUntil: 1_000_200 })
    expect(await cache.find('https://shop/c')).toEqual({ ...entry, validUntil: 1_000_200 })
    const stored = api.stored.get('https://shop/a')?.headers
    expect([stored?.get('cache-control'), stored?.get('etag')]).toEqual(['public, s-maxage=60', null])
    expect(await cache.find('https://shop/b')).toBeUndefined()
  })

  it('finds nothing when the cache fails, is slow or holds foreign entries, and pauses after a failure', async () => {
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const clock = { now: 0 }
    let opened = 0
    const cache = coloCache(
      () => {
        opened += 1
        throw new Error('No cache was configured')
      },
      () => clock.now,
    )
    await cache.keep('https://shop/a', entry)
    expect(await cache.find('https://shop/a')).toBeUndefined()
    expect(opened).toBe(1)
    clock.now = 10_000
    expect(await cache.find('https://shop/a')).toBeUndefined()
    expect(opened).toBe(2)
    const foreign = { match: async () => new Response('{}'), put: async () => {} }
    expect(await coloCache(() => foreign, Date.now).find('https://shop/a')).toBeUndefined()
    const slow = { match: () => new Promise<never>(() => {}), put: async () => {} }
    expect(await coloCache(() => slow, Date.now).find('https://shop/a')).toBeUndefined()
    vi.restoreAllMocks()
  })
})
