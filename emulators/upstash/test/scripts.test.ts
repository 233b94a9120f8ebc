import { randomUUID } from 'node:crypto'
import type { Redis } from '@upstash/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UpstashEmulator } from '../src/index.ts'
import { client, ENGINES, RUN } from './support.ts'

const newKey = () => `${RUN}:${randomUUID()}`

describe.each(ENGINES)('Lua scripts on $name', ({ available, open }) => {
  let server: UpstashEmulator
  let close: () => Promise<void>
  let redis: Redis

  beforeAll(async () => {
    if (!available) return
    ;({ server, close } = await open())
    redis = client(server, { enableAutoPipelining: false })
  })
  afterAll(() => (available ? close() : undefined))

  const test = it.skipIf(!available)
  const evaluate = (script: string, keys: string[] = [], args: unknown[] = []) => redis.eval(script, keys, args)

  test.each([
    ['return 3.99', 3],
    ['return -3.99', -3],
    ['return true', 1],
    ['return false', null],
    ['return nil', null],
    ['return {1, "two", {3}, true}', [1, 'two', [3], 1]],
    ['return {1, 2, nil, 4}', [1, 2]],
    ['return {ok = "fine"}', 'fine'],
    ['return redis.status_reply("fine")', 'fine'],
    ['return {unpack({1, 2, 3})}', [1, 2, 3]],
    ['return redis.sha1hex("")', 'da39a3ee5e6b4b0d3255bfef95601890afd80709'],
  ])('%s answers %j', async (script, answer) => {
    expect(await evaluate(script)).toEqual(answer)
  })

  // Redis has Lua 5.1, whose numbers are all doubles.
  test.each([
    ['tostring(10)', '10'],
    ['tostring(10 / 2)', '5'],
    ['10 / 4 .. ""', '2.5'],
    ['2147483647 + 1 .. ""', '2147483648'],
    ['1209600000 * 2 .. ""', '2419200000'],
    ['"1209600000" * 2 + 1000 .. ""', '2419201000'],
    ['1000 * 60 * 60 * 24 * 365 .. ""', '31536000000'],
    ['math.floor(2147483647.5) * 2 .. ""', '4294967294'],
    ['tostring("1700000000123" % "60000")', '20123'],
    ['tostring(tonumber("0xffffffff"))', '4294967295'],
    ['tostring(2 ^ 53)', '9.007199254741e+15'],
    ['tostring(1e15)', '1e+15'],
    ['string.format("%d|%5.2f|%s", 3.7, 2, 10)', '3| 2.00|10'],
    ['tostring(-7 % 3)', '2'],
    ['tostring(1 / 0)', 'inf'],
    ['table.getn({1, 2}) .. ""', '2'],
    ['table.concat({1, 2.5, "x"}, ",")', '1,2.5,x'],
    ['tostring(tonumber("abc"))', 'nil'],
    ['type(loadstring("return 1"))', 'function'],
  ])('%s is %s', async (expression, text) => {
    const untouched = client(server, { automaticDeserialization: false })
    expect(await untouched.eval(`return ${expression}`, [], [])).toBe(text)
  })

  test('pass numbers on in full', async () => {
    const k = newKey()
    await evaluate('redis.call("RPUSH", KEYS[1], 10 / 2, 0.5, 2 ^ 53, 1e17)', [k])
    expect(await client(server, { automaticDeserialization: false }).lrange(k, 0, -1)).toEqual([
      '5',
      '0.5',
      '9007199254740992',
      '1e+17',
    ])
  })

  test('get keys and arguments as text, and replies as Lua has them', async () => {
    const k = newKey()
    const answer = await evaluate(
      `redis.call('HSET', KEYS[1], 'f', ARGV[1])
       local missing = redis.call('HGET', KEYS[1], 'absent')
       return {#KEYS, #ARGV, type(ARGV[1]), missing == false, redis.call('HGET', KEYS[1], 'f'),
               redis.call('SET', KEYS[2], 1).ok, redis.call('INCR', KEYS[2]) + 1}`,
      [k, newKey()],
      [7, 'žluť'],
    )
    expect(answer).toEqual([2, 2, 'string', 1, 7, 'OK', 3])
  })

  describe('that fail', () => {
    test.each([
      ['return redis.error_reply("MY wish")', /^MY wish,/],
      ['return redis.error_reply("Wish")', /^ERR Wish,/],
      ['return {err = "MY wish"}', /^MY wish,/],
      ['error("boom")', /^ERR user_script:1: boom script: \w{40}, on @user_script:1\./],
      ['\nerror({err = "MY boom"})', /^MY boom script: \w{40}, on @user_script:/],
      ['return nonexistent', /Script attempted to access nonexistent global variable 'nonexistent'/],
      ['leak = 1', /Attempt to modify a readonly table/],
      ['return os.time()', /nonexistent global variable 'os'/],
      ['return redis.call("NONSENSE")', /^ERR Unknown Redis command called from script/],
      ['return redis.call("GET")', /^ERR Wrong number of args calling Redis command from script/],
      ['return redis.call()', /^ERR Please specify at least one argument/],
      ['return redis.call("SET", "k", {})', /^ERR Lua redis lib command arguments must be strings or integers/],
      ['return redis.call("EVAL", "return 1", 0)', /not allowed from script/],
      ['return (', /^ERR Error compiling script \(new function\): user_script:1:/],
    ])('%s', async (script, message) => {
      const error: unknown = await evaluate(script).catch((thrown: unknown) => thrown)
      expect(error).toMatchObject({ message: expect.stringMatching(message) })
    })

    test('throw what Redis refuses, which pcall turns into a value', async () => {
      const k = newKey()
      await redis.set(k, 'text')
      await expect(evaluate('\nreturn redis.call("LPUSH", KEYS[1], 1)', [k])).rejects.toThrow(
        /^WRONGTYPE .* value script: \w{40}, on @user_script:2\./,
      )
      const caught = 'local reply = redis.pcall("LPUSH", KEYS[1], 1) return "caught " .. reply.err'
      expect(await evaluate(caught, [k])).toMatch(/^caught WRONGTYPE/)
      const own = 'local ok, thrown = pcall(redis.call, "LPUSH", KEYS[1], 1) return tostring(ok) .. thrown'
      expect(await evaluate(own, [k])).toMatch(/^falseWRONGTYPE/)
    })

    test('leave the next one alone', async () => {
      await expect(evaluate('local t = {1, 2, 3} error("x")')).rejects.toThrow()
      expect(await evaluate('return 1')).toBe(1)
    })
  })

  test('are kept under the SHA-1 that the client computes, Upstash flags and all', async () => {
    const script = `#!lua flags=allow-key-locking\nreturn "${randomUUID()}"`
    const created = redis.createScript<string>(script)
    const answer = await created.exec([], [])
    expect(answer).toHaveLength(36)
    expect(await created.evalsha([], [])).toBe(answer)
    const sha = await redis.scriptLoad(script)
    expect(sha).toBe(created.sha1)
    expect(await redis.scriptExists(sha, 'f'.repeat(40))).toEqual([1, 0])
  })

  test('see the time stand still and run whole', async () => {
    const k = newKey()
    const script = `local before = redis.call('TIME') for i = 1, 1000 do redis.call('INCR', KEYS[1]) end
                    local after = redis.call('TIME') return {before[1] == after[1], redis.call('GET', KEYS[1])}`
    const both = await Promise.all([evaluate(script, [k]), evaluate(script, [k])])
    expect(both.sort()).toEqual([
      [1, 1000],
      [1, 2000],
    ])
  })

  test('read and write JSON', async () => {
    const json = '{"a":[1,{"b":null}],"text":"ž"}'
    const script = `local value = cjson.decode(ARGV[1])
                    return {value.a[1], value.a[2].b == cjson.null, value.text, cjson.encode(value.a), cjson.encode({})}`
    const answer = await client(server, { automaticDeserialization: false }).eval(script, [], [json])
    expect(answer).toEqual([1, 1, 'ž', '[1,{"b":null}]', '{}'])
  })
})
