import { describe, expect, it } from 'vitest'
import type { Permits } from '../../src/stripe/permits.ts'
import { endpointOf, NOT_MADE_HEADER, permittedFetch } from '../../src/stripe/permitted-fetch.ts'

const URL_OF_REFUNDS = 'https://api.stripe.com/v1/refunds'

function fakePermits(granted: boolean[] = []) {
  const acquired: string[] = []
  const paused: [string, number][] = []
  const permits: Permits = {
    acquire: async (endpoint) => {
      acquired.push(endpoint)
      return granted.shift() ?? true
    },
    reserve: async () => true,
    pause: async (endpoint, ms) => {
      paused.push([endpoint, ms])
    },
  }
  return { permits, acquired, paused }
}

describe('a call to Stripe', () => {
  it.each([
    ['POST', '/v1/payment_intents', 'POST /v1/payment_intents'],
    ['GET', '/v1/payment_intents/pi_1?expand[]=latest_charge', 'GET /v1/payment_intents/:id'],
    ['POST', '/v1/payment_intents/pi_1/confirm', 'POST /v1/payment_intents/:id/confirm'],
    ['GET', '/v1/customers/cus_1/payment_methods', 'GET /v1/customers/:id/payment_methods'],
  ])('%s %s counts for %s', (method, path, endpoint) => {
    expect(endpointOf(method, `https://api.stripe.com${path}`)).toBe(endpoint)
  })

  it('without a permit is not made, and says so', async () => {
    const { permits } = fakePermits([false])
    let calls = 0
    const send = permittedFetch(permits, async () => {
      calls += 1
      return new Response()
    })
    const refused = await send(URL_OF_REFUNDS, { method: 'POST' })
    expect([refused.status, refused.headers.get(NOT_MADE_HEADER), calls]).toEqual([429, 'true', 0])
  })

  it('that is lost is made once more; without a second permit it may have been made', async () => {
    const answers = () => [Promise.reject(new Error('cut')), Promise.resolve(Response.json({ id: 're_1' }))]
    const lossy = (granted: boolean[]) => {
      const left = answers()
      const { permits } = fakePermits(granted)
      return permittedFetch(permits, () => left.shift() ?? Promise.reject(new Error('asked too often')))
    }
    expect((await lossy([true, true])(URL_OF_REFUNDS, { method: 'POST' })).status).toBe(200)
    const refused = await lossy([true, false])(URL_OF_REFUNDS, { method: 'POST' })
    expect([refused.status, refused.headers.get(NOT_MADE_HEADER)]).toEqual([429, null])
  })

  it.each([
    [500, {}, 2],
    [409, {}, 2],
    [500, { 'stripe-should-retry': 'false' }, 1],
    [400, { 'stripe-should-retry': 'true' }, 2],
    [402, {}, 1],
  ])('answered %i %j is made at most %i times', async (status, headers, most) => {
    const { permits } = fakePermits()
    let calls = 0
    const send = permittedFetch(permits, async () => {
      calls += 1
      return new Response(null, { status, headers })
    })
    expect((await send(URL_OF_REFUNDS, { method: 'POST' })).status).toBe(status)
    expect(calls).toBe(most)
  })

  it('that Stripe refuses with 429 is retried in time, and all others wait as well', async () => {
    const { permits, paused, acquired } = fakePermits()
    const answers = [new Response(null, { status: 429 }), Response.json({ id: 're_1' })]
    const send = permittedFetch(permits, async () => answers.shift() ?? Response.error())
    expect((await send(URL_OF_REFUNDS, { method: 'POST' })).status).toBe(200)
    expect(acquired).toEqual(['POST /v1/refunds', 'POST /v1/refunds'])
    expect(paused).toEqual([['POST /v1/refunds', 250]])
  })

  it('is not retried when Stripe asks for a longer wait than the remaining time', async () => {
    const { permits, paused } = fakePermits()
    const tooMany = () => new Response(null, { status: 429, headers: { 'retry-after': '5' } })
    const send = permittedFetch(permits, async () => tooMany())
    expect((await send(URL_OF_REFUNDS, { method: 'POST' })).status).toBe(429)
    expect(paused).toEqual([['POST /v1/refunds', 5_000]])
  })
})
