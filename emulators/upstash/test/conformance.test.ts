import type { Redis } from '@upstash/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UpstashEmulator } from '../src/index.ts'
import { client, ENGINES, poster, RUN, until } from './support.ts'

/** A new key for each use, so that tests never share one. */
let used = 0
const key = (name = 'key') => `${RUN}:${name}:${++used}`

describe.each(ENGINES)('@upstash/redis on $name', ({ available, ownsData, open }) => {
  let server: UpstashEmulator
  let close: () => Promise<void>
  let redis: Redis

  beforeAll(async () => {
    if (!available) return
    ;({ server, close } = await open())
    redis = client(server)
  })
  afterAll(async () => {
    if (available) await close()
  })

  const test = it.skipIf(!available)

  describe('strings', () => {
    test('keep any text and JSON value', async () => {
      const k = key()
      for (const value of ['', 'plain', 'OK', 'žluťoučký 🐎', 'line\nbreak', '"quoted"', '\u0000nul']) {
        await redis.set(k, JSON.stringify(value))
        expect(await redis.get(k)).toBe(value)
      }
      await redis.set(k, { a: [1, null, 'x'] })
      expect(await redis.get(k)).toEqual({ a: [1, null, 'x'] })
    })

    test('are set only if absent with NX, and only if present with XX', async () => {
      const k = key()
      expect(await redis.set(k, 'a', { xx: true })).toBeNull()
      expect(await redis.set(k, 'a', { nx: true })).toBe('OK')
      expect(await redis.set(k, 'b', { nx: true })).toBeNull()
      expect(await redis.get(k)).toBe('a')
      expect(await redis.set(k, 'b', { xx: true })).toBe('OK')
      expect(await redis.get(k)).toBe('b')
    })

    test('are read several at once, counted and deleted', async () => {
      const [a, b, absent] = [key(), key(), key()]
      await Promise.all([redis.set(a, 'one'), redis.set(b, 'two')])
      expect(await redis.mget(a, absent, b)).toEqual(['one', null, 'two'])
      expect(await redis.exists(a, a, absent)).toBe(2)
      expect(await redis.del(a, b, absent)).toBe(2)
      expect(await redis.get(a)).toBeNull()
    })

    test('count exactly up to 64 bits, then refuse to overflow', async () => {
      const k = key()
      expect(await redis.incr(k)).toBe(1)
      expect(await redis.incrby(k, 41)).toBe(42)
      expect(await redis.incrby(k, -2)).toBe(40)
      expect(await redis.decr(k)).toBe(39)
      await redis.set(k, '9223372036854775807')
      await expect(redis.incr(k)).rejects.toThrow('ERR increment or decrement would overflow')
    })
  })

  describe('expiry', () => {
    test('is set with the value or later, and removed by a new value', async () => {
      const k = key()
      await redis.set(k, 1, { ex: 100 })
      expect(await redis.ttl(k)).toBe(100)
      expect(await redis.pttl(k)).toSatisfy((ms: number) => ms > 99_000 && ms <= 100_000)
      expect(await redis.expire(k, 200)).toBe(1)
      expect(await redis.ttl(k)).toBe(200)
      await redis.set(k, 2)
      expect([await redis.ttl(k), await redis.pttl(k)]).toEqual([-1, -1])
      expect([await redis.ttl(key()), await redis.pttl(key())]).toEqual([-2, -2])
      expect(await redis.expire(key(), 1)).toBe(0)
    })

    test('stays when a counter changes', async () => {
      const k = key()
      await redis.set(k, 1, { px: 100_000 })
      await redis.incr(k)
      expect(await redis.ttl(k)).toBe(100)
    })

    test('deletes a key when its time comes or has passed', async () => {
      const [soon, past] = [key(), key()]
      await redis.set(soon, 1)
      await redis.pexpire(soon, 30)
      await until(async () => (await redis.exists(soon)) === 0)
      await redis.set(past, 1)
      expect(await redis.expire(past, -1)).toBe(1)
      expect(await redis.exists(past)).toBe(0)
    })
  })

  describe('keys', () => {
    test('are found by pattern, and each once by a scan that deletes what it finds', async () => {
      const prefix = key('scan')
      const names = Array.from({ length: 55 }, (_, index) => `${prefix}:${index}`)
      await Promise.all(names.map((name) => redis.set(name, 1)))
      expect((await redis.keys(`${prefix}:?`)).sort()).toEqual(names.slice(0, 10))
      expect((await redis.keys(`${prefix}:1[0-2]`)).sort()).toEqual(names.slice(10, 13))
      const found: string[] = []
      let cursor = '0'
      do {
        const [next, page] = await redis.scan(cursor, { match: `${prefix}:*`, count: 7 })
        if (page.length > 0) await redis.del(...page)
        found.push(...page)
        cursor = next
      } while (cursor !== '0')
      expect(found.sort()).toEqual([...names].sort())
    })

    it.skipIf(!available || !ownsData)('are all deleted by FLUSHDB and FLUSHALL', async () => {
      for (const flush of [() => redis.flushdb(), () => redis.flushall()]) {
        const k = key()
        await redis.set(k, 1)
        expect(await flush()).toBe('OK')
        expect(await redis.exists(k)).toBe(0)
      }
    })

    test('are listed for a status page', async () => {
      const k = key()
      await redis.set(k, 'é'.repeat(300), { ex: 60 })
      const listed = (await server.keys()).find((info) => info.key === k)
      expect(listed).toMatchObject({
        type: 'string',
        expiresInMs: expect.toSatisfy((ms: number) => ms > 59_000),
        value: `${'é'.repeat(200)}…`,
      })
    })
  })

  describe('refusals', () => {
    test.each([
      [['NONSENSE', 'a', 'b'], /^ERR unknown command 'NONSENSE', with args beginning with: 'a' 'b'/],
      [['MULTI'], /^ERR unknown command 'MULTI', with args beginning with:/],
      [['GET'], /^ERR wrong number of arguments for 'get' command$/],
      [['SET', 'k', 'v', 'EX', '0'], /^ERR invalid expire time in 'set' command$/],
      [['SET', 'k', 'v', 'EX', '1', 'PX', '1'], /^ERR syntax error$/],
      [['SET', 'k', 'v', 'NX', 'XX'], /^ERR syntax error$/],
      [['SET', 'k', 'v', 'SOON'], /^ERR syntax error/],
      [['EXPIRE', 'k', '1', 'SOON'], /^ERR Unsupported option SOON/],
      [['INCRBY', 'k', '1.5'], /^ERR value is not an integer or out of range$/],
      [['SCAN', 'x'], /^ERR invalid cursor$/],
      [['EVALSHA', 'f'.repeat(40), '0'], /^NOSCRIPT No matching script. Please use EVAL.$/],
      [['EVAL', 'return 1', '2', 'a'], /^ERR Number of keys can't be greater than number of args$/],
      [['SCRIPT', 'NONSENSE'], /^ERR unknown subcommand 'NONSENSE'\./],
    ])('%j is refused with %s', async (command, error) => {
      const refused = { status: 400, body: { error: expect.stringMatching(error) } }
      expect(await poster(server)('/', command)).toMatchObject(refused)
    })
  })

  describe('pipelines', () => {
    test('answer each command, including refused ones', async () => {
      const k = key()
      const results = await redis.pipeline().set(k, 'a').incr(k).get(k).exec({ keepErrors: true })
      expect(results).toEqual([
        { result: 'OK', error: undefined },
        { result: undefined, error: 'ERR value is not an integer or out of range' },
        { result: 'a', error: undefined },
      ])
    })

    test('combine commands that the client sends in the same turn', async () => {
      const k = key()
      server.resetCounts()
      expect(await Promise.all([redis.set(k, 1), redis.incr(k), redis.incr(k)])).toEqual(['OK', 2, 3])
      expect(server.counts()).toEqual({ requests: 1, commands: 3 })
    })
  })

  describe('transactions', () => {
    test('continue after a command that fails', async () => {
      const k = key()
      const { status, body } = await poster(server)('/multi-exec', [
        ['SET', k, 'a'],
        ['INCR', k],
        ['GET', k],
      ])
      const refused = { error: 'ERR value is not an integer or out of range' }
      expect({ status, body }).toEqual({ status: 200, body: [{ result: 'OK' }, refused, { result: 'a' }] })
    })

    test('run no command when one of them is unknown or malformed', async () => {
      const k = key()
      const discarded = { error: 'EXECABORT Transaction discarded because of previous errors.' }
      for (const broken of [['NONSENSE'], ['GET'], ['WATCH', k]]) {
        const answer = await poster(server)('/multi-exec', [['SET', k, 'a'], broken])
        expect(answer).toMatchObject({ status: 400, body: discarded })
      }
      expect(await redis.exists(k)).toBe(0)
    })

    test('are not interleaved with other commands', async () => {
      const k = key()
      const swaps = Array.from({ length: 20 }, () =>
        redis.multi().incr(k).incr(k).get<number>(k).decr(k).decr(k).exec(),
      )
      for (const [, , seen] of await Promise.all(swaps)) expect(seen).toBe(2)
    })
  })

  test('PING answers PONG or its argument', async () => {
    expect([await redis.ping(), await redis.ping(['hello'])]).toEqual(['PONG', 'hello'])
  })
})
