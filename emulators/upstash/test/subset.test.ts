import { describe, expect, it } from 'vitest'
import { startEmulator } from './support.ts'

describe('the in-process engine', () => {
  it.each([
    ['LPUSH', 'k', 'a'],
    ['HSET', 'k', 'f', 'v'],
    ['SADD', 'k', 'a'],
    ['ZADD', 'k', '1', 'a'],
    ['APPEND', 'k', 'a'],
    ['XADD', 'k', '*', 'f', 'v'],
  ])('refuses %s and names the commands that it supports', async (...command) => {
    const { post } = await startEmulator()
    const { status, body } = await post('/', command)
    expect(status).toBe(400)
    const args = command.slice(1).map((argument) => `'${argument}'`)
    expect(body).toEqual({
      error:
        `ERR unknown command '${command[0]}', with args beginning with: ${args.join(' ')} (the in-process engine ` +
        'supports a subset: DECR, DEL, EVAL, EVALSHA, EXISTS, EXPIRE, FLUSHALL, FLUSHDB, GET, INCR, INCRBY, KEYS, ' +
        'MGET, PEXPIRE, PING, PTTL, SCAN, SCRIPT, SET, TTL)',
    })
  })

  it.each([
    [['SET', 'k', 'v', 'KEEPTTL'], "ERR syntax error: the in-process engine's SET supports EX, PX, NX and XX only"],
    [['EXPIRE', 'k', '1', 'NX'], 'ERR Unsupported option NX: the in-process engine supports no expiry conditions'],
    [['SCAN', '0', 'TYPE', 'string'], "ERR syntax error: the in-process engine's SCAN supports MATCH and COUNT only"],
    [['SCRIPT', 'FLUSH'], "ERR unknown subcommand 'FLUSH'. The in-process engine supports SCRIPT LOAD only."],
  ])('refuses the unsupported option of %j', async (command, error) => {
    const { post } = await startEmulator()
    expect(await post('/', command)).toMatchObject({ status: 400, body: { error } })
  })
})
