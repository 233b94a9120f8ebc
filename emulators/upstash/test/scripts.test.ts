import { randomUUID } from 'node:crypto'
import type { Redis } from '@upstash/redis'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UpstashEmulator } from '../src/index.ts'
import { client, ENGINES, RUN, startEmulator } from './support.ts'

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
  ])('%s returns %j', async (script, answer) => {
    expect(await evaluate(script)).toEqual(answer)
  })

  // Redis runs Lua 5.1, in which all numbers are doubles.
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
    ['tostring(-7 % 3)', '2'],
    ['tostring(1 / 0)', 'inf'],
    ['table.concat({1, 2.5, "x"}, ",")', '1,2.5,x'],
    ['tostring(tonumber("abc"))', 'nil'],
  ])('%s evaluates to %s', async (expression, text) => {
    const rawText = client(server, { automaticDeserialization: false })
    expect(await rawText.eval(`return ${expression}`, [], [])).toBe(text)
  })

  test('pass numbers to commands in full precision', async () => {
    const k = newKey()
    const script = 'redis.call("SET", KEYS[1], ARGV[1] / ARGV[2]) return redis.call("GET", KEYS[1])'
    const rawText = client(server, { automaticDeserialization: false })
    const stored = (dividend: number, divisor: number) => rawText.eval(script, [k], [dividend, divisor])
    expect(await stored(10, 2)).toBe('5')
    expect(await stored(1, 2)).toBe('0.5')
    expect(await stored(2 ** 53, 1)).toBe('9007199254740992')
    expect(await stored(1e17, 1)).toBe('1e+17')
  })

  test('get keys and arguments as strings, and replies as Lua values', async () => {
    const k = newKey()
    const answer = await evaluate(
      `redis.call('SET', KEYS[1], ARGV[1])
       local missing = redis.call('GET', KEYS[2])
       return {#KEYS, #ARGV, type(ARGV[1]), missing == false, redis.call('GET', KEYS[1]), ARGV[2],
               redis.call('SET', KEYS[2], 1).ok, redis.call('INCR', KEYS[2]) + 1}`,
      [k, newKey()],
      [7, 'žluť'],
    )
    expect(answer).toEqual([2, 2, 'string', 1, 7, 'žluť', 'OK', 3])
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

    test('stop at a refused command, which redis.pcall returns instead', async () => {
      const k = newKey()
      await redis.set(k, 'text')
      await expect(evaluate('\nreturn redis.call("INCR", KEYS[1])', [k])).rejects.toThrow(
        /^ERR value is not an integer or out of range script: \w{40}, on @user_script:2\./,
      )
      const caught = 'local reply = redis.pcall("INCR", KEYS[1]) return "caught " .. reply.err'
      expect(await evaluate(caught, [k])).toMatch(/^caught ERR value is not an integer/)
    })

    test('do not affect the next script', async () => {
      await expect(evaluate('local t = {1, 2, 3} error("x")')).rejects.toThrow()
      expect(await evaluate('return 1')).toBe(1)
    })
  })

  test('are cached under the SHA-1 that the client computes, including Upstash flags', async () => {
    const script = `#!lua flags=allow-key-locking\nreturn "${randomUUID()}"`
    const created = redis.createScript<string>(script)
    const answer = await created.exec([], [])
    expect(answer).toHaveLength(36)
    expect(await created.evalsha([], [])).toBe(answer)
    const sha = await redis.scriptLoad(script)
    expect(sha).toBe(created.sha1)
    expect(await redis.evalsha(sha, [], [])).toBe(answer)
  })

  test('are not interleaved with other commands', async () => {
    const k = newKey()
    const script = `for i = 1, 1000 do redis.call('INCR', KEYS[1]) end return redis.call('GET', KEYS[1])`
    const both = await Promise.all([evaluate(script, [k]), evaluate(script, [k])])
    expect(both.sort()).toEqual([1000, 2000])
  })
})

describe('Lua on the in-process engine', () => {
  it.each([
    ['return cjson.encode({})', "nonexistent global variable 'cjson'"],
    ['return pcall(error)', "nonexistent global variable 'pcall'"],
    ['return string.format("%s", 10)', "attempt to call a nil value (field 'format')"],
    ['return redis.sha1hex("")', "attempt to call a nil value (field 'sha1hex')"],
    ['return redis.call("HGET", "k", "f")', 'the in-process engine does not support HGET'],
  ])('refuses the unsupported script %s', async (script, message) => {
    const { redis } = await startEmulator()
    await expect(redis.eval(script, [], [])).rejects.toThrow(message)
  })
})
