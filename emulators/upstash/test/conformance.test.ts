import type { Redis } from '@upstash/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UpstashEmulator } from '../src/index.ts'
import { client, ENGINES, poster, RUN, until } from './support.ts'

const WRONG_TYPE = 'WRONGTYPE Operation against a key holding the wrong kind of value'

/** A key of its own for each use, so that tests never meet. */
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
    test('come back as they went, whatever is in them', async () => {
      const k = key()
      for (const value of ['', 'plain', 'OK', 'žluťoučký 🐎', 'line\nbreak', '"quoted"', '\u0000nul']) {
        await redis.set(k, JSON.stringify(value))
        expect(await redis.get(k)).toBe(value)
      }
      await redis.set(k, { a: [1, null, 'x'] })
      expect(await redis.get(k)).toEqual({ a: [1, null, 'x'] })
    })

    test('are set only if absent, or only if present', async () => {
      const k = key()
      expect(await redis.set(k, 'a', { xx: true })).toBeNull()
      expect(await redis.set(k, 'a', { nx: true })).toBe('OK')
      expect(await redis.set(k, 'b', { nx: true })).toBeNull()
      expect(await redis.set(k, 'b', { xx: true, get: true })).toBe('a')
      expect(await redis.setnx(k, 'c')).toBe(0)
      expect(await redis.get(k)).toBe('b')
    })

    test('are read and written by the dozen', async () => {
      const [a, b, absent] = [key(), key(), key()]
      expect(await redis.mset({ [a]: 'one', [b]: 'two' })).toBe('OK')
      expect(await redis.mget(a, absent, b)).toEqual(['one', null, 'two'])
      expect(await redis.msetnx({ [b]: 'x', [absent]: 'y' })).toBe(0)
      expect(await redis.exists(a, a, absent)).toBe(2)
    })

    test('are appended to, cut and replaced', async () => {
      const k = key()
      expect(await redis.append(k, 'Hello')).toBe(5)
      expect(await redis.append(k, ' World')).toBe(11)
      expect(await redis.strlen(k)).toBe(11)
      expect(await redis.getrange(k, -5, -1)).toBe('World')
      expect(await redis.setrange(k, 6, 'Redis')).toBe(11)
      expect(await redis.getset(k, 'new')).toBe('Hello Redis')
      expect(await redis.getdel(k)).toBe('new')
      expect(await redis.get(k)).toBeNull()
    })

    test('count exactly up to 64 bits, and then refuse', async () => {
      const k = key()
      expect(await redis.incr(k)).toBe(1)
      expect(await redis.incrby(k, 41)).toBe(42)
      expect(await redis.decrby(k, 2)).toBe(40)
      expect(await redis.decr(k)).toBe(39)
      expect(await redis.incrbyfloat(k, 0.5)).toBe(39.5)
      await expect(redis.incr(k)).rejects.toThrow('ERR value is not an integer or out of range')
      await redis.set(k, '9223372036854775807')
      await expect(redis.incr(k)).rejects.toThrow('ERR increment or decrement would overflow')
    })
  })

  describe('expiry', () => {
    test('is set, read, kept, changed and removed', async () => {
      const k = key()
      await redis.set(k, 1, { ex: 100 })
      expect(await redis.ttl(k)).toBe(100)
      await redis.set(k, 2, { keepTtl: true })
      expect(await redis.pttl(k)).toSatisfy((ms: number) => ms > 99_000 && ms <= 100_000)
      expect(await redis.expire(k, 50, 'GT')).toBe(0)
      expect(await redis.expire(k, 200, 'GT')).toBe(1)
      expect(await redis.getex(k, { ex: 300 })).toBe(2)
      expect(await redis.ttl(k)).toBe(300)
      expect(await redis.persist(k)).toBe(1)
      expect(await redis.ttl(k)).toBe(-1)
      await redis.set(k, 3, { ex: 100 })
      await redis.set(k, 4)
      expect(await redis.ttl(k)).toBe(-1)
      expect(await redis.ttl(key())).toBe(-2)
    })

    test('is kept by changes within a value, and moves with the key', async () => {
      const [k, other] = [key(), key()]
      await redis.set(k, 1, { px: 100_000 })
      await redis.incr(k)
      await redis.append(k, '0')
      expect(await redis.ttl(k)).toBe(100)
      await redis.rename(k, other)
      expect(await redis.ttl(other)).toBe(100)
    })

    test('removes a key when its time comes, or has come already', async () => {
      const [soon, past] = [key(), key()]
      await redis.set(soon, 1, { px: 30 })
      await until(async () => (await redis.exists(soon)) === 0)
      await redis.set(past, 1)
      expect(await redis.expireat(past, 1)).toBe(1)
      expect(await redis.exists(past)).toBe(0)
    })
  })

  describe('keys', () => {
    test('are found by patterns, and each once by a scan that deletes on its way', async () => {
      const prefix = key('scan')
      const names = Array.from({ length: 55 }, (_, index) => `${prefix}:${index}`)
      await redis.mset(Object.fromEntries(names.map((name) => [name, 1])))
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

    test('have a type, can be renamed and deleted', async () => {
      const [k, other] = [key(), key()]
      await redis.lpush(k, 'a')
      expect(await redis.type(k)).toBe('list')
      expect(await redis.type(other)).toBe('none')
      expect(await redis.rename(k, other)).toBe('OK')
      expect(await redis.renamenx(other, other)).toBe(0)
      expect(await redis.unlink(k, other)).toBe(1)
      await expect(redis.rename(k, other)).rejects.toThrow('ERR no such key')
    })

    it.skipIf(!available || !ownsData)('are counted and flushed', async () => {
      await redis.set(key(), 1)
      expect(await redis.dbsize()).toBeGreaterThan(0)
      expect(await redis.flushdb()).toBe('OK')
      expect(await redis.dbsize()).toBe(0)
    })
  })

  describe('hashes', () => {
    test('hold fields', async () => {
      const k = key()
      expect(await redis.hset(k, { name: 'lamp', price: 12, tags: ['a'] })).toBe(3)
      expect(await redis.hset(k, { price: 13 })).toBe(0)
      expect(await redis.hgetall(k)).toEqual({ name: 'lamp', price: 13, tags: ['a'] })
      expect(await redis.hmget(k, 'name', 'absent')).toEqual({ name: 'lamp', absent: null })
      expect(await redis.hget(k, 'price')).toBe(13)
      expect(await redis.hincrby(k, 'price', 2)).toBe(15)
      expect(await redis.hincrbyfloat(k, 'price', 0.25)).toBe(15.25)
      expect(await redis.hsetnx(k, 'name', 'other')).toBe(0)
      expect([await redis.hexists(k, 'name'), await redis.hlen(k)]).toEqual([1, 3])
      expect((await redis.hkeys(k)).sort()).toEqual(['name', 'price', 'tags'])
      expect(await redis.hscan(k, 0, { match: 'na*' })).toEqual(['0', ['name', 'lamp']])
    })

    test('go with their last field', async () => {
      const k = key()
      await redis.hset(k, { a: 1, b: 2 })
      expect(await redis.hdel(k, 'a', 'b', 'c')).toBe(2)
      expect(await redis.exists(k)).toBe(0)
      expect(await redis.hgetall(k)).toBeNull()
    })
  })

  describe('sets', () => {
    test('hold members once', async () => {
      const k = key()
      expect(await redis.sadd(k, 'a', 'b', 'a')).toBe(2)
      expect((await redis.smembers(k)).sort()).toEqual(['a', 'b'])
      expect(await redis.smismember(k, ['a', 'z'])).toEqual([1, 0])
      expect([await redis.sismember(k, 'b'), await redis.scard(k)]).toEqual([1, 2])
      expect(['a', 'b']).toContain(await redis.srandmember(k))
      expect((await redis.spop<string[]>(k, 5))?.sort()).toEqual(['a', 'b'])
      expect(await redis.exists(k)).toBe(0)
    })

    test('are united, intersected and subtracted', async () => {
      const [a, b, into] = [key(), key(), key()]
      await redis.sadd(a, 'x', 'y')
      await redis.sadd(b, 'y', 'z')
      expect((await redis.sunion(a, b)).sort()).toEqual(['x', 'y', 'z'])
      expect(await redis.sinter(a, b)).toEqual(['y'])
      expect(await redis.sdiff(a, b)).toEqual(['x'])
      expect(await redis.sinterstore(into, a, b)).toBe(1)
      expect(await redis.smove(a, b, 'x')).toBe(1)
      expect(await redis.srem(b, 'x', 'y', 'z')).toBe(3)
    })
  })

  describe('sorted sets', () => {
    const three = async () => {
      const k = key()
      await redis.zadd(k, { score: 1, member: 'a' }, { score: 2.5, member: 'b' }, { score: 3, member: 'c' })
      return k
    }

    test('keep their order, by score and then by name', async () => {
      const k = await three()
      expect(await redis.zadd(k, { score: 1, member: 'A' })).toBe(1)
      expect(await redis.zrange(k, 0, -1)).toEqual(['A', 'a', 'b', 'c'])
      expect(await redis.zrange(k, 0, 1, { rev: true, withScores: true })).toEqual(['c', 3, 'b', 2.5])
      expect(await redis.zrange(k, '(1', '+inf', { byScore: true, offset: 1, count: 5 })).toEqual(['c'])
      expect([await redis.zrank(k, 'b'), await redis.zrevrank(k, 'b'), await redis.zrank(k, 'z')]).toEqual([2, 1, null])
      expect([await redis.zscore(k, 'b'), await redis.zcard(k), await redis.zcount(k, 1, 2)]).toEqual([2.5, 4, 2])
      expect(await redis.zmscore(k, ['a', 'z'])).toEqual([1, null])
    })

    test('are ranged by name where scores are equal', async () => {
      const k = key()
      const [first, ...others] = ['d', 'b', 'c', 'a'].map((member) => ({ score: 0, member }))
      if (first) await redis.zadd(k, first, ...others)
      expect(await redis.zrange(k, '[b', '(d', { byLex: true })).toEqual(['b', 'c'])
      expect(await redis.zlexcount(k, '-', '+')).toBe(4)
    })

    test('are changed under conditions', async () => {
      const k = await three()
      expect(await redis.zadd(k, { gt: true, ch: true }, { score: 0, member: 'a' })).toBe(0)
      expect(await redis.zadd(k, { nx: true }, { score: 9, member: 'a' })).toBe(0)
      expect(await redis.zadd(k, { incr: true }, { score: 4, member: 'a' })).toBe(5)
      expect(await redis.zincrby(k, 1.5, 'b')).toBe(4)
      expect(await redis.zpopmax(k)).toEqual(['a', 5])
      expect(await redis.zremrangebyscore(k, '-inf', 3)).toBe(1)
      expect(await redis.zrem(k, 'b', 'z')).toBe(1)
      expect(await redis.exists(k)).toBe(0)
    })

    test('are combined', async () => {
      const [a, b, into] = [await three(), await three(), key()]
      expect(await redis.zunion(2, [a, b], { weights: [1, 2], withScores: true })).toEqual(['a', 3, 'b', 7.5, 'c', 9])
      expect(await redis.zinterstore(into, 2, [a, b], { aggregate: 'max' })).toBe(3)
      expect(await redis.zremrangebyrank(into, 0, -2)).toBe(2)
    })
  })

  test('lists are pushed, popped, ranged, trimmed and moved', async () => {
    const [k, other] = [key(), key()]
    expect(await redis.rpush(k, 'a', 'b', 'c', 'b')).toBe(4)
    expect(await redis.lpush(k, 'z')).toBe(5)
    expect(await redis.lrange(k, 1, -2)).toEqual(['a', 'b', 'c'])
    expect([await redis.lindex(k, -1), await redis.llen(k)]).toEqual(['b', 5])
    expect(await redis.lset(k, 0, 'y')).toBe('OK')
    expect(await redis.linsert(k, 'after', 'y', 'x')).toBe(6)
    expect(await redis.lrem(k, -1, 'b')).toBe(1)
    expect(await redis.lmove(k, other, 'left', 'right')).toBe('y')
    expect(await redis.ltrim(k, 0, 1)).toBe('OK')
    expect(await redis.lpop<string[]>(k, 5)).toEqual(['x', 'a'])
    expect(await redis.rpop(k)).toBeNull()
    expect(await redis.rpop(other)).toBe('y')
    expect(await redis.lpushx(other, 'a')).toBe(0)
  })

  describe('refusals', () => {
    test.each([
      [['NONSENSE', 'a', 'b'], "ERR unknown command 'NONSENSE', with args beginning with: 'a' 'b' "],
      [['MULTI'], "ERR unknown command 'MULTI', with args beginning with: "],
      [['GET'], "ERR wrong number of arguments for 'get' command"],
      [['SET', 'k', 'v', 'EX', '0'], "ERR invalid expire time in 'set' command"],
      [['SET', 'k', 'v', 'EX', '1', 'KEEPTTL'], 'ERR syntax error'],
      [['SET', 'k', 'v', 'NX', 'XX'], 'ERR syntax error'],
      [['EXPIRE', 'k', '1', 'NX', 'GT'], 'ERR NX and XX, GT or LT options at the same time are not compatible'],
      [['INCRBY', 'k', '1.5'], 'ERR value is not an integer or out of range'],
      [['ZADD', 'k', 'high', 'a'], 'ERR value is not a valid float'],
      [['ZRANGE', 'k', 'a', 'b', 'BYLEX'], 'ERR min or max not valid string range item'],
      [['SCAN', 'x'], 'ERR invalid cursor'],
      [['LSET', 'absent', '0', 'x'], 'ERR no such key'],
      [['EVALSHA', 'f'.repeat(40), '0'], 'NOSCRIPT No matching script. Please use EVAL.'],
      [['EVAL', 'return 1', '2', 'a'], "ERR Number of keys can't be greater than number of args"],
      [['SCRIPT', 'NONSENSE'], "ERR unknown subcommand 'NONSENSE'. Try SCRIPT HELP."],
    ])('%j is answered by %s', async (command, error) => {
      expect(await poster(server)('/', command)).toMatchObject({ status: 400, body: { error } })
    })

    test('of a value of another type, whatever the command', async () => {
      const k = key()
      await redis.set(k, 'text')
      const refused = { error: WRONG_TYPE }
      const commands = [
        ['LPUSH', k, 'a'],
        ['HGET', k, 'f'],
        ['SADD', k, 'a'],
        ['ZSCORE', k, 'm'],
        ['LLEN', k],
      ]
      expect((await poster(server)('/pipeline', commands)).body).toEqual(commands.map(() => refused))
      expect(await redis.get(k)).toBe('text')
    })
  })

  describe('pipelines', () => {
    test('answer each command, refused ones too', async () => {
      const k = key()
      const results = await redis.pipeline().set(k, 'a').incr(k).get(k).exec({ keepErrors: true })
      expect(results).toEqual([
        { result: 'OK', error: undefined },
        { result: undefined, error: 'ERR value is not an integer or out of range' },
        { result: 'a', error: undefined },
      ])
    })

    test('are one request when the client makes them by itself', async () => {
      const k = key()
      server.resetCounts()
      expect(await Promise.all([redis.set(k, 1), redis.incr(k), redis.incr(k)])).toEqual(['OK', 2, 3])
      expect(server.counts()).toEqual({ requests: 1, commands: 3 })
    })
  })

  describe('transactions', () => {
    test('go on after a command that fails', async () => {
      const k = key()
      const { status, body } = await poster(server)('/multi-exec', [
        ['SET', k, 'a'],
        ['INCR', k],
        ['APPEND', k, 'b'],
      ])
      const refused = { error: 'ERR value is not an integer or out of range' }
      expect({ status, body }).toEqual({ status: 200, body: [{ result: 'OK' }, refused, { result: 2 }] })
    })

    test('do nothing at all when a command cannot run', async () => {
      const k = key()
      const discarded = { error: 'EXECABORT Transaction discarded because of previous errors.' }
      for (const broken of [['NONSENSE'], ['GET'], ['WATCH', k]]) {
        const answer = await poster(server)('/multi-exec', [['SET', k, 'a'], broken])
        expect(answer).toMatchObject({ status: 400, body: discarded })
      }
      expect(await redis.exists(k)).toBe(0)
    })

    test('let nothing in between', async () => {
      const k = key()
      const swaps = Array.from({ length: 20 }, () =>
        redis.multi().incr(k).incr(k).get<number>(k).decr(k).decr(k).exec(),
      )
      for (const [, , seen] of await Promise.all(swaps)) expect(seen).toBe(2)
    })
  })

  test('is alive and knows the time', async () => {
    expect([await redis.ping(), await redis.ping(['hello'])]).toEqual(['PONG', 'hello'])
    expect(await redis.echo('hello')).toBe('hello')
    const [seconds] = await redis.time()
    expect(Math.abs(Number(seconds) - Date.now() / 1000)).toBeLessThan(5)
  })

  test('lists keys for a status page', async () => {
    const k = key()
    await redis.set(k, 1, { ex: 60 })
    const listed = (await server.keys()).find((info) => info.key === k)
    expect(listed).toMatchObject({ type: 'string', expiresInMs: expect.toSatisfy((ms: number) => ms > 59_000) })
  })
})
