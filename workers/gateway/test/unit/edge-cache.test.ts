import { describe, expect, it, vi } from 'vitest'
import type { EdgeEntry } from '../../src/caching/domain/edge-entry.ts'
import { coloCache, type SharedCache } from '../../src/caching/internal/colo-cache.ts'
import { createEdgeCache, type OriginAnswer } from '../../src/caching/internal/edge-cache.ts'

/** A catalog that counts what it is asked and answers when it is let, an isolate in front of it, and a clock. */
function anEdge(shared?: SharedCache) {
  const clock = { now: 1_000_000 }
  const place = new Map<string, EdgeEntry>()
  const memoryOfPlace: SharedCache = {
    find: async (url) => place.get(url),
    keep: async (url, entry) => void place.set(url, entry),
  }
  const isolate = () =>
    createEdgeCache({ shared: shared ?? memoryOfPlace, later: (work) => void work, now: () => clock.now })
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
  it('asks once and shows the answer for half a second', async () => {
    const { read, clock, catalog } = anEdge()
    expect(await read('/a')).toBe('postgres: answer 1')
    clock.now += 499
    expect(await read('/a')).toBe('memory: answer 1')
    expect(await read('/b')).toBe('postgres: answer 2')
    expect(catalog.asked).toBe(2)
  })

  it('shows a stale answer once more while it asks again, once', async () => {
    const { read, clock, catalog } = anEdge()
    await read('/a')
    clock.now += 600
    expect(await Promise.all([read('/a'), read('/a')])).toEqual(['stale: answer 1', 'stale: answer 1'])
    await settled()
    expect(catalog.asked).toBe(2)
    expect(await read('/a')).toBe('memory: answer 2')
  })

  it('shows nothing that is a second old, though asking again takes long', async () => {
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

  it('counts the age an answer had already', async () => {
    const { read, clock, catalog } = anEdge()
    catalog.answer = async () => ({
      entry: { status: 200, headers: [], body: 'kept in Redis', asOf: clock.now - 450 },
      from: 'redis',
    })
    expect(await read('/a')).toBe('redis: kept in Redis')
    clock.now += 50
    expect(await read('/a')).toBe('stale: kept in Redis')
  })

  it('lets one of many ask', async () => {
    const { read, catalog } = anEdge()
    const answers = await Promise.all(Array.from({ length: 50 }, () => read('/a')))
    expect(catalog.asked).toBe(1)
    expect(new Set(answers)).toEqual(new Set(['postgres: answer 1', 'joined: answer 1']))
  })

  it('waits for another’s question a second at most', async () => {
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

  it.each([404, 422, 429])('keeps no %i that may not be kept, and tells each its own', async (status) => {
    const { read, catalog } = anEdge()
    catalog.answer = refusal(status)
    expect(await Promise.all([read('/a'), read('/a')])).toEqual([status, status])
    expect(await read('/a')).toBe(status)
    expect(catalog.asked).toBe(3)
  })

  it('shows what it knew while the catalog cannot answer, for a minute', async () => {
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

  it('does not take a refusal for an outage', async () => {
    const { read, catalog, clock } = anEdge()
    await read('/a')
    clock.now += 2_000
    catalog.answer = refusal(422)
    expect(await read('/a')).toBe(422)
  })

  it('shares answers within the place, by their age', async () => {
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

  it('asks again behind a stale answer of the place', async () => {
    const { read, readElsewhere, clock, catalog } = anEdge()
    await read('/a')
    clock.now += 700
    expect(await readElsewhere('/a')).toBe('colo: answer 1')
    await settled()
    expect(catalog.asked).toBe(2)
    expect(await readElsewhere('/a')).toBe('memory: answer 2')
  })
})

describe('the cache of the place', () => {
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

  it('gives back an entry as it was, and says itself how long it may be kept', async () => {
    const api = aCacheApi()
    const cache = coloCache(() => api, Date.now)
    await cache.keep('https://shop/a', entry)
    expect(await cache.find('https://shop/a')).toEqual(entry)
    const stored = api.stored.get('https://shop/a')?.headers
    expect([stored?.get('cache-control'), stored?.get('etag')]).toEqual(['public, s-maxage=60', null])
    expect(await cache.find('https://shop/b')).toBeUndefined()
  })

  it('is not there when it is not ours, fails or takes long, and is then left alone for a while', async () => {
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
