import { beforeAll, describe, expect, it, vi } from 'vitest'
import { READS_RELY_MS, sessionStates } from '../../src/access/internal/session-states.ts'
import { fakeShop, newKey, newToken, problemOf, SESSION_ID, type SigningKey, USER_ID } from './fake-shop.ts'

const NOW = Date.parse('2026-11-23T10:00:00.000Z')
const SESSION = { userId: USER_ID, sessionId: SESSION_ID } as const

let key: SigningKey
beforeAll(async () => {
  key = await newKey()
})

/** A shop whose sessions are as the answers say, one after the other. */
function shopWith(...answers: (boolean | Error)[]) {
  const isEnded = vi.fn(async () => {
    const answer = answers.shift() ?? false
    if (answer instanceof Error) throw answer
    return answer
  })
  const shop = fakeShop({ keys: [key.publicJwk], isEnded })
  const ask = async (method: string, path: string, body?: string) =>
    shop.ask(path, {
      method,
      headers: { authorization: `Bearer ${await newToken(key)}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body }),
    })
  return { ...shop, ask, isEnded }
}

describe('a change by somebody signed in', () => {
  it.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
    'with %s is forwarded once the object has answered, each time',
    async (method) => {
      const { ask, arrived, isEnded } = shopWith()
      for (let count = 0; count < 2; count += 1) expect((await ask(method, '/api/orders/x')).status).toBe(200)
      expect(isEnded.mock.calls).toEqual([[SESSION], [SESSION]])
      expect(arrived).toHaveLength(2)
    },
  )

  it('in a session that has ended is refused, and forwarded nowhere', async () => {
    const { ask, arrived } = shopWith(true)
    const response = await ask('POST', '/api/orders', '{}')
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'invalid_token', reason: 'ended' })
    expect(arrived).toEqual([])
  })

  it('is refused while the object does not answer, to be tried again', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const { ask, arrived } = shopWith(new Error('away'))
    const response = await ask('POST', '/api/orders', '{}')
    expect(response.headers.get('retry-after')).toBe('5')
    expect(await problemOf(response)).toMatchObject({ status: 503, code: 'service_unavailable' })
    expect(arrived).toEqual([])
    expect((await ask('POST', '/api/orders', '{}')).status).toBe(200)
  })

  it('is asked about while its body still comes', async () => {
    const asked = Promise.withResolvers<void>()
    const shop = fakeShop({
      keys: [key.publicJwk],
      isEnded: async () => {
        asked.resolve()
        return true
      },
    })
    const body = new ReadableStream({
      pull: async (controller) => {
        // A body that ends only after the object was asked: read first, it would never end.
        await asked.promise
        controller.enqueue(new TextEncoder().encode('{}'))
        controller.close()
      },
    })
    const headers = { authorization: `Bearer ${await newToken(key)}`, 'content-type': 'application/json' }
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', headers, body, duplex: 'half' }
    expect((await shop.ask('/api/orders', init)).status).toBe(401)
  })
})

describe('a read by somebody signed in', () => {
  it('relies on the answer of the last minute', async () => {
    const { ask, arrived, isEnded } = shopWith()
    for (let count = 0; count < 3; count += 1) expect((await ask('GET', '/api/orders')).status).toBe(200)
    expect(isEnded).toHaveBeenCalledTimes(1)
    expect(arrived).toHaveLength(3)
  })

  it('is refused once a change was', async () => {
    const { ask } = shopWith(false, true)
    const statuses = []
    for (const method of ['GET', 'POST', 'GET']) statuses.push((await ask(method, '/api/orders')).status)
    expect(statuses).toEqual([200, 401, 401])
  })

  it('of what anybody may read asks nobody', async () => {
    const { ask, isEnded } = shopWith(true)
    expect((await ask('GET', '/api/products')).status).toBe(200)
    expect(isEnded).not.toHaveBeenCalled()
  })
})

describe('who is not signed in', () => {
  it('costs no call', async () => {
    const { isEnded, ...shop } = shopWith(true)
    const guest = fakeShop({ isEnded })
    expect((await guest.ask('/api/carts', { method: 'POST' })).status).toBe(200)
    expect((await shop.ask('POST', '/api/users/login', '{}')).status).toBe(200)
    expect(isEnded).not.toHaveBeenCalled()
  })
})

describe('what an isolate knows of a session', () => {
  it('is asked again for a read after a minute, counted from the asking', async () => {
    let now = NOW
    const ask = vi.fn(async () => {
      now += 10_000
      return false
    })
    const states = sessionStates({ ask, now: () => now })
    await states.isEnded(SESSION, false)
    now = NOW + READS_RELY_MS - 1
    await states.isEnded(SESSION, false)
    expect(ask).toHaveBeenCalledTimes(1)
    now = NOW + READS_RELY_MS
    await states.isEnded(SESSION, false)
    expect(ask).toHaveBeenCalledTimes(2)
  })

  it('stays that it has ended, without asking again', async () => {
    const ask = vi.fn(async () => true)
    const states = sessionStates({ ask, now: () => NOW })
    expect([await states.isEnded(SESSION, true), await states.isEnded(SESSION, true)]).toEqual([true, true])
    expect(ask).toHaveBeenCalledTimes(1)
  })

  it('is not used up by an outage', async () => {
    const ask = vi.fn<() => Promise<boolean>>().mockRejectedValueOnce(new Error('away')).mockResolvedValue(false)
    const states = sessionStates({ ask, now: () => NOW })
    await expect(states.isEnded(SESSION, false)).rejects.toThrow('away')
    expect(await states.isEnded(SESSION, false)).toBe(false)
  })
})
