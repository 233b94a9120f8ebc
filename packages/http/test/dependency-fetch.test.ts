import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Unavailable } from '@shop/kernel/unavailable'
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest'
import { dependencyFetch } from '../src/dependency-fetch.ts'
import { currentTrace, withTrace } from '../src/trace.ts'

let server: Server
let url: string
let asked: number
let answer: 'fine' | 'broken' | 'silent' | 'half' | 'cut' | 'elsewhere'

beforeEach(async () => {
  asked = 0
  answer = 'fine'
  server = createServer((_, response) => {
    asked += 1
    if (answer === 'silent') return
    if (answer === 'elsewhere') return response.writeHead(307, { location: `${url}/elsewhere` }).end()
    response.writeHead(answer === 'broken' ? 503 : 200)
    if (answer === 'half' || answer === 'cut') {
      response.write('{')
      if (answer === 'cut') setTimeout(() => response.destroy(), 20)
    } else response.end('{}')
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
})
afterEach(async () => {
  vi.useRealTimers()
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
})

const accept = (response: Response) => {
  if (response.status >= 500) throw new Unavailable('redis')
  return response
}
const failed = (ask: Promise<unknown>) => expect(ask).rejects.toBeInstanceOf(Unavailable)

describe('calling a dependency', () => {
  it('is counted for the current request', async () => {
    const ask = dependencyFetch('postgres', { timeoutMs: 1_000 })
    const context = { requestId: 'r', traceparent: 't', deadline: Date.now() + 60_000 }
    const trips = await withTrace(context, async () => {
      await ask(url)
      await ask(url)
      return currentTrace()?.trips
    })
    expect(trips).toEqual({ postgres: 2 })
  })

  it('takes no longer than its timeout, nor than the time left for the request', async () => {
    answer = 'silent'
    await failed(dependencyFetch('redis', { timeoutMs: 20 })(url))
    const context = { requestId: 'r', traceparent: 't', deadline: Date.now() + 20 }
    await withTrace(context, () => failed(dependencyFetch('redis', { timeoutMs: 60_000 })(url)))
  })

  it('pauses after several consecutive failures, then tries again', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const ask = dependencyFetch('redis', { timeoutMs: 1_000, accept })
    answer = 'broken'
    for (let n = 0; n < 5; n += 1) await failed(ask(url))
    await failed(ask(url))
    expect(asked).toBe(5)
    answer = 'fine'
    vi.setSystemTime(Date.now() + 2_001)
    expect((await ask(url)).status).toBe(200)
    expect((await ask(url)).status).toBe(200)
    expect(asked).toBe(7)
  })

  it('does not wait for another request’s probe, and sends the next probe a second later if that one never ends', async () => {
    vi.useFakeTimers({ toFake: ['Date'] })
    const ask = dependencyFetch('redis', { timeoutMs: 60_000, accept })
    answer = 'broken'
    for (let n = 0; n < 5; n += 1) await failed(ask(url))
    vi.setSystemTime(Date.now() + 1_001)
    // As when the probing request is cancelled: its fetch neither answers nor fails.
    const fetchOnce = vi.spyOn(globalThis, 'fetch').mockReturnValueOnce(new Promise(() => {}))
    void ask(url)
    answer = 'fine'
    await failed(ask(url))
    expect(asked).toBe(5)
    vi.setSystemTime(Date.now() + 1_001)
    expect((await ask(url)).status).toBe(200)
    fetchOnce.mockRestore()
  })

  it('fails when a body that is read arrives too late or is cut', async () => {
    const ask = dependencyFetch('redis', {
      timeoutMs: 200,
      accept: async (response) => Response.json(await response.json()),
    })
    for (const part of ['half', 'cut'] as const) {
      answer = part
      await failed(ask(url))
    }
    answer = 'fine'
    expect(await (await ask(url)).json()).toEqual({})
  })

  it('is not made when the request has no time left, which says nothing about the dependency', async () => {
    const ask = dependencyFetch('postgres', { timeoutMs: 1_000 })
    const context = { requestId: 'r', traceparent: 't', deadline: Date.now() - 1 }
    for (let n = 0; n < 6; n += 1) {
      const error = await withTrace(context, () => ask(url).catch((reason: unknown) => reason))
      expect(error).toMatchObject({ name: 'Unavailable', wasAsked: false })
    }
    expect((await ask(url)).status).toBe(200)
    expect(asked).toBe(1)
  })

  it('follows no redirect, which would send keys and data to another host', async () => {
    answer = 'elsewhere'
    const headers = { authorization: 'Bearer key' }
    const ask = dependencyFetch('stripe', { timeoutMs: 1_000 })
    expect((await ask(url, { method: 'POST', headers, body: 'amount=1', redirect: 'follow' })).status).toBe(307)
    expect(asked).toBe(1)
  })

  it('does not pause after refusals', async () => {
    answer = 'broken'
    const ask = dependencyFetch('stripe', { timeoutMs: 1_000 })
    for (let n = 0; n < 8; n += 1) expect((await ask(url)).status).toBe(503)
    expect(asked).toBe(8)
  })
})
