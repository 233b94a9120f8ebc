import { describe, expect, it } from 'vitest'
import type { Turns } from '../../src/budget/turns.ts'
import { endpointOf, inTurn } from '../../src/stripe/in-turn.ts'

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

  it('whose turn does not come is not made, and is not tried again at once', async () => {
    const { turns } = fakeTurns([false])
    let calls = 0
    const send = inTurn(turns, async () => {
      calls += 1
      return new Response()
    })
    const refused = await send(URL_OF_REFUNDS, { method: 'POST' })
    expect([refused.status, refused.headers.get('stripe-should-retry'), calls]).toEqual([429, 'false', 0])
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
