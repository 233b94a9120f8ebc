import { LOOPBACK, PortTaken } from '@shop/emulator-kit/loopback'
import { Redis } from '@upstash/redis'
import getPort from 'get-port'
import { describe, expect, it } from 'vitest'
import { startUpstashEmulator } from '../src/index.ts'
import { client, poster, startEmulator, TOKEN } from './support.ts'

describe('the REST protocol', () => {
  it('accepts a command as a JSON array', async () => {
    const { post } = await startEmulator()
    expect(await post('/', ['SET', 'k', 5])).toMatchObject({ status: 200, body: { result: 'OK' } })
    expect(await post('/', ['get', 'k'])).toMatchObject({ status: 200, body: { result: '5' } })
    expect(await post('/', ['MGET', 'k', 'absent'])).toMatchObject({ body: { result: ['5', null] } })
  })

  it.each([
    ['/set/k/a%2Fb', undefined, 'a/b'],
    ['/set/k', 'from the body', 'from the body'],
    ['/set/k/', 'from the body', 'from the body'],
    ['/set/k?EX=100&NX', 'with options', 'with options'],
  ])('accepts %s with body %j', async (path, body, stored) => {
    const { server, redis } = await startEmulator()
    const answer = await fetch(server.url + path, {
      method: 'POST',
      headers: { authorization: `Bearer ${TOKEN}` },
      ...(body !== undefined && { body }),
    })
    expect(await answer.json()).toEqual({ result: 'OK' })
    expect(await redis.get('k')).toBe(stored)
    expect(await redis.ttl('k')).toBe(path.includes('EX') ? 100 : -1)
  })

  it('accepts the token as a query parameter', async () => {
    const { server } = await startEmulator()
    expect(await (await fetch(`${server.url}/ping?_token=${TOKEN}`)).json()).toEqual({ result: 'PONG' })
  })

  it('encodes all strings except the status OK on request for base64', async () => {
    const { post } = await startEmulator()
    const ask = async (command: unknown[]) => (await post('/', command, { 'upstash-encoding': 'base64' })).body
    expect(await ask(['SET', 'k', 'OK'])).toEqual({ result: 'OK' })
    expect(await ask(['GET', 'k'])).toEqual({ result: 'T0s=' })
    expect(await ask(['PING'])).toEqual({ result: 'UE9ORw==' })
    expect(await ask(['MGET', 'k', 'absent'])).toEqual({ result: ['T0s=', null] })
    expect(await ask(['EXISTS', 'k'])).toEqual({ result: 1 })
    const pipeline = await post('/pipeline', [['GET', 'k'], ['GET']], { 'upstash-encoding': 'base64' })
    expect(pipeline.body).toEqual([{ result: 'T0s=' }, { error: "ERR wrong number of arguments for 'get' command" }])
  })

  it('stores bytes that are not UTF-8', async () => {
    const { server, post } = await startEmulator()
    const bytes = Buffer.from([0xff, 0x00, 0xfe])
    await fetch(`${server.url}/set/k`, { method: 'POST', headers: { authorization: `Bearer ${TOKEN}` }, body: bytes })
    const { body } = await post('/', ['GET', 'k'], { 'upstash-encoding': 'base64' })
    expect(body).toEqual({ result: bytes.toString('base64') })
    expect((await post('/', ['GET', 'k'])).body).toEqual({ result: '\ufffd\u0000\ufffd' })
  })

  it('echoes the sync token', async () => {
    const { post } = await startEmulator()
    const answer = await post('/', ['PING'], { 'upstash-sync-token': 'token-1' })
    expect(answer.headers.get('upstash-sync-token')).toBe('token-1')
  })

  it.each([
    ['a wrong token', 'wrong'],
    ['no token', ''],
  ])('refuses %s', async (_, token) => {
    const { server } = await startEmulator()
    const answer = await poster({ url: server.url, token })('/', ['PING'])
    const body = { error: 'WRONGPASS invalid or missing auth token' }
    expect(answer).toMatchObject({ status: 401, body })
  })

  it.each([
    ['/', { not: 'an array' }, 'ERR a command must be an array: ["SET", "key", "value"]'],
    ['/', [], 'ERR empty command'],
    ['/', ['SET', 'k', { a: 1 }], 'ERR an argument must be a string, a number or a boolean'],
    ['/pipeline', [], 'ERR the body must be an array of commands'],
    ['/multi-exec', ['GET', 'k'], 'ERR a command must be an array: ["SET", "key", "value"]'],
  ])('refuses at %s the body %j', async (path, body, error) => {
    const { post } = await startEmulator()
    expect(await post(path, body)).toMatchObject({ status: 400, body: { error } })
  })

  it('refuses a body above 10 MiB, and a request under another host name', async () => {
    const { server, post } = await startEmulator()
    expect(await post('/', ['SET', 'k', 'x'.repeat(10 * 1024 * 1024)])).toMatchObject({ status: 413 })
    const { request } = await import('node:http')
    const status = await new Promise((resolve) => {
      const headers = { host: 'evil.example', authorization: `Bearer ${TOKEN}` }
      request(`${server.url}/ping`, { headers }, (answer) => resolve(answer.resume().statusCode)).end()
    })
    expect(status).toBe(403)
  })
})

describe('the clock', () => {
  it('expires a key after the millisecond of its expiry', async () => {
    let now = Date.UTC(2026, 0, 1)
    const { redis } = await startEmulator({ now: () => new Date(now) })
    await redis.set('k', 1, { px: 1500 })
    expect([await redis.pttl('k'), await redis.ttl('k')]).toEqual([1500, 2])
    now += 1500
    expect(await redis.pttl('k')).toBe(0)
    now += 1
    expect([await redis.pttl('k'), await redis.keys('*')]).toEqual([-2, []])
  })
})

describe('counts', () => {
  it('report requests and their commands, and reset', async () => {
    const { server, redis } = await startEmulator()
    await redis.set('k', 1)
    await redis.pipeline().get('k').incr('k').exec()
    await redis.multi().get('k').exec()
    expect(server.counts()).toEqual({ requests: 3, commands: 4 })
    server.resetCounts()
    expect(server.counts()).toEqual({ requests: 0, commands: 0 })
  })
})

describe('faults', () => {
  it('hit the configured number of matching requests after the skipped ones', async () => {
    const { server, redis } = await startEmulator()
    const fault = server.faults.add({ kind: 'status', status: 500, match: { command: 'get' }, skip: 1, times: 2 })
    await redis.set('k', 1)
    expect(await redis.get('k')).toBe(1)
    await expect(redis.get('k')).rejects.toThrow('ERR injected fault')
    await expect(redis.pipeline().incr('k').get('k').exec()).rejects.toThrow('ERR injected fault')
    expect(await redis.get('k')).toBe(1)
    expect(fault.hits()).toBe(2)
  })

  it('cut the connection before or after the work', async () => {
    const { server, redis } = await startEmulator()
    server.faults.add({ kind: 'cut_before' })
    await expect(redis.incr('k')).rejects.toThrow('fetch failed')
    server.faults.add({ kind: 'cut_after' })
    await expect(redis.incr('k')).rejects.toThrow('fetch failed')
    expect(await redis.get('k')).toBe(1)
  })

  it('discard an answer, or send one that is not JSON', async () => {
    const { server, redis } = await startEmulator()
    server.faults.add({ kind: 'status', status: 503, at: 'after', message: 'ERR overloaded' })
    await expect(redis.incr('k')).rejects.toThrow('ERR overloaded')
    server.faults.add({ kind: 'status', status: 200, body: '<html>', match: { path: '/pipeline' } })
    await expect(redis.get('k')).rejects.toThrow('Unable to parse response body')
    expect(await redis.get('k')).toBe(1)
  })

  it('send the complete answer in pieces', async () => {
    const { server, redis } = await startEmulator()
    await redis.set('k', 'é'.repeat(500))
    server.faults.add({ kind: 'drip', ms: 60 })
    const started = performance.now()
    expect(await redis.get('k')).toBe('é'.repeat(500))
    expect(performance.now() - started).toBeGreaterThan(50)
  })

  it('are set by other processes with the token, if control is on', async () => {
    const { server, redis } = await startEmulator({ control: true })
    const url = `${server.url}/_control/faults`
    const authorization = `Bearer ${TOKEN}`
    const fault = { kind: 'cut_before', match: { command: 'incr' } }
    const add = (headers: Record<string, string>) =>
      fetch(url, { method: 'POST', headers, body: JSON.stringify(fault) }).then(({ status }) => status)
    expect(await add({})).toBe(401)
    expect(await add({ authorization, origin: 'http://evil.example' })).toBe(403)
    expect(await add({ authorization })).toBe(200)
    expect(await (await fetch(url, { headers: { authorization } })).json()).toEqual([{ fault, left: 1, hits: 0 }])
    await expect(redis.incr('k')).rejects.toThrow('fetch failed')
    expect(server.counts()).toEqual({ requests: 1, commands: 1 })
  })

  it('delay requests until removed, and do not delay closing', async () => {
    const { server, redis } = await startEmulator()
    const slow = server.faults.add({ kind: 'delay', ms: 30, times: Number.POSITIVE_INFINITY })
    const started = performance.now()
    await redis.ping()
    expect(performance.now() - started).toBeGreaterThan(25)
    slow.remove()
    server.faults.add({ kind: 'delay', ms: 60_000, at: 'after' })
    const lost = redis.incr('k').catch((error: Error) => error.message)
    while (server.faults.list().some(({ hits, fault }) => fault.kind === 'delay' && hits === 0)) await redis.ping()
    await server.close()
    expect(await lost).toBe('fetch failed')
  })
})

describe('starting and ending', () => {
  it('names a taken port', async () => {
    const { server } = await startEmulator()
    await expect(startUpstashEmulator({ token: TOKEN, port: server.port })).rejects.toThrow(PortTaken)
  })

  it('reports that no Redis answers, under the name of the setting', async () => {
    const redisUrl = `redis://${LOOPBACK}:${await getPort()}`
    await expect(startUpstashEmulator({ token: TOKEN, redisUrl, redisUrlSetting: 'REDIS_URL' })).rejects.toThrow(
      `No Redis answers at REDIS_URL=${redisUrl}`,
    )
  })

  it('closes once and then refuses connections', async () => {
    const { server, redis } = await startEmulator()
    await redis.ping()
    await Promise.all([server.close(), server.close()])
    await expect(client(server).ping()).rejects.toThrow('fetch failed')
  })

  it('identifies clients by the token alone', async () => {
    const { server } = await startEmulator({ token: 'another' })
    const redis = new Redis({ url: server.url, token: 'another', enableTelemetry: false })
    expect(await redis.ping()).toBe('PONG')
  })
})
