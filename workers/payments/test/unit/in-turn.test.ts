import { describe, expect, it } from 'vitest'
import type { Turns } from '../../src/budget/turns.ts'
import { endpointOf, inTurn, NOT_MADE_HEADER } from '../../src/stripe/in-turn.ts'

const URL_OF_REFUNDS = 'https://api.stripe.com/v1/refunds'

function fakeTurns(given: boolean[] = []) {
  const taken: string[] = []
  const paused: [string, number][] = []
  const turns: Turns = {
    take: async (kind) => {
      taken.push(kind)
      return given.shift() ?? true
    },
    reserve: async () => true,
    pause: async (kind, ms) => {
      paused.push([kind, ms])
    },
  }
  return { turns, taken, paused }
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

  it('whose turn does not come is not made, and says so', async () => {
    const { turns } = fakeTurns([false])
    let calls = 0
    const send = inTurn(turns, async () => {
      calls += 1
      return new Response()
    })
    const refused = await send(URL_OF_REFUNDS, { method: 'POST' })
    expect([refused.status, refused.headers.get(NOT_MADE_HEADER), calls]).toEqual([429, 'true', 0])
  })

  it('that gets lost is made once more, and one whose second turn does not come may have been made', async () => {
    const answers = () => [Promise.reject(new Error('cut')), Promise.resolve(Response.json({ id: 're_1' }))]
    const lossy = (given: boolean[]) => {
      const left = answers()
      const { turns } = fakeTurns(given)
      return inTurn(turns, () => left.shift() ?? Promise.reject(new Error('asked too often')))
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
  ])('answered %i %j is made %i times at most', async (status, headers, most) => {
    const { turns } = fakeTurns()
    let calls = 0
    const send = inTurn(turns, async () => {
      calls += 1
      return new Response(null, { status, headers })
    })
    expect((await send(URL_OF_REFUNDS, { method: 'POST' })).status).toBe(status)
    expect(calls).toBe(most)
  })

  it('that Stripe refuses for its rate is made again in time, and all others wait as well', async () => {
    const { turns, paused, taken } = fakeTurns()
    const answers = [new Response(null, { status: 429 }), Response.json({ id: 're_1' })]
    const send = inTurn(turns, async () => answers.shift() ?? Response.error())
    expect((await send(URL_OF_REFUNDS, { method: 'POST' })).status).toBe(200)
    expect(taken).toEqual(['POST /v1/refunds', 'POST /v1/refunds'])
    expect(paused).toEqual([['POST /v1/refunds', 250]])
  })

  it('is not made again when Stripe asks for more time than there is', async () => {
    const { turns, paused } = fakeTurns()
    const tooMany = () => new Response(null, { status: 429, headers: { 'retry-after': '5' } })
    const send = inTurn(turns, async () => tooMany())
    expect((await send(URL_OF_REFUNDS, { method: 'POST' })).status).toBe(429)
    expect(paused).toEqual([['POST /v1/refunds', 5_000]])
  })
})
