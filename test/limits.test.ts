import { LIMITS } from '@shop/contracts/limits'
import type { Reply } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import { confirmInBrowser, intentsOf } from '@shop/testing/stripe-js'
import { afterEach, describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform({ addressLimits: 'strict' })
afterEach(() => stage.platform.upstash.faults.clear())

const MAX_DECLINES = 10
const FREE = LIMITS.signInFailures.quota
const STRANGERS = LIMITS.accountFailures.quota
const DEVICE = '5f0f6b1e-8c55-4f0e-9d0b-3b6f7a2c1d90'

let addresses = 0
/** An address that no other test uses. */
function anAddress(): string {
  addresses += 1
  return `10.1.${addresses >> 8}.${addresses & 255}`
}

const signIn = (
  address: string,
  email: string,
  password: string,
  more: object = {},
  headers: Record<string, string> = {},
) =>
  stage.shop.request('POST', '/api/users/login', {
    body: { email, password, ...more },
    headers: { 'cf-connecting-ip': address, ...headers },
  })
const register = (address: string, email = `${crypto.randomUUID()}@example.com`) =>
  stage.shop.request('POST', '/api/users/register', {
    body: { email, password: 'a long enough passphrase' },
    headers: { 'cf-connecting-ip': address },
  })

async function guess(address: string, email: string, times: number): Promise<Reply[]> {
  const replies = []
  for (let count = 0; count < times; count += 1) replies.push(await signIn(address, email, `not the password ${count}`))
  return replies
}
const statusesOf = (replies: Reply[]) => replies.map(({ status }) => status)
const wrong = (times: number) => Array<number>(times).fill(401)
const header = ({ headers }: Reply, name: string) => headers.get(name) ?? ''

function expectRefused(reply: Reply, withinSeconds: number): void {
  expect(reply.status).toBe(429)
  expect(reply.body.code).toBe('rate_limited')
  const seconds = Number(header(reply, 'retry-after'))
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(withinSeconds)
}

const count = (replies: Reply[], status: number) => replies.filter((reply) => reply.status === status).length

/** Guesses from many addresses at once, as a botnet does. */
const guessFromEverywhere = (email: string, times: number) =>
  Promise.all(Array.from({ length: times }, (_, index) => signIn(anAddress(), email, `guess number ${index}`)))

describe('guessing a password', () => {
  it('waits after the fifth failure, and the owner elsewhere does not', async () => {
    const { shop } = stage
    const owner = await shop.signUp()
    const [guesser, home] = [anAddress(), anAddress()]
    const guesses = await guess(guesser, owner.email, FREE)
    expect(statusesOf(guesses)).toEqual(wrong(FREE))
    const left = guesses.map((reply) => /"sign-in-failures";r=(\d+)/.exec(header(reply, 'ratelimit'))?.[1])
    expect(left).toEqual(['4', '3', '2', '1', '0'])

    const refused = await signIn(guesser, owner.email, owner.password)
    expectRefused(refused, 15)
    expect(header(refused, 'ratelimit-policy')).toBe(
      '"address";q=600;w=60, "sign-in-failures";q=5;w=3600, "account-failures";q=20;w=3600',
    )
    expect(header(refused, 'ratelimit')).toMatch(/"sign-in-failures";r=0;t=\d+, "account-failures";r=15;t=\d+/)

    expect((await signIn(home, owner.email, owner.password)).status).toBe(200)
    const refresh = { body: { refresh_token: owner.refreshToken }, headers: { 'cf-connecting-ip': guesser } }
    expect((await shop.request('POST', '/api/users/refresh', refresh)).status).toBe(200)
  })

  it('from a thousand addresses gets 20 tries in all, at once; the owner’s own device still signs in', async () => {
    const { email, password } = await stage.shop.signUp()
    expect((await signIn(anAddress(), email, password, { device_id: DEVICE })).status).toBe(200)
    const replies = await guessFromEverywhere(email, 60)
    expect([count(replies, 401), count(replies, 429)]).toEqual([STRANGERS, 60 - STRANGERS])
    const stranger = await signIn(anAddress(), email, password)
    expectRefused(stranger, LIMITS.accountFailures.windowSeconds)
    expect((await signIn(anAddress(), email, password, { device_id: `${DEVICE}-unknown` })).status).toBe(429)
    const owner = await signIn(anAddress(), email, password, { device_id: DEVICE })
    expect(owner.status).toBe(200)
    expect(header(owner, 'ratelimit')).not.toContain('account-failures')
  })

  it('cannot lock out staff, nor somebody who has just signed up, on a device that they have used', async () => {
    const body = {
      email: `${crypto.randomUUID()}@example.com`,
      password: 'a long enough passphrase',
      device_id: DEVICE,
    }
    expect((await stage.shop.request('POST', '/api/users/register', { body })).status).toBe(201)
    const { email, password } = stage.admin
    await signIn(anAddress(), email, password, { device_id: DEVICE })
    for (const account of [body, { email, password }]) {
      await guessFromEverywhere(account.email, 30)
      const own = await signIn(anAddress(), account.email, account.password, { device_id: DEVICE })
      expect(own.status).toBe(200)
    }
  })

  it('does not reveal who has an account', async () => {
    const replies = await guess(anAddress(), `${crypto.randomUUID()}@example.com`, FREE + 1)
    expect(statusesOf(replies)).toEqual([...wrong(FREE), 429])
  })

  it('gets no extra tries from parallel requests or another spelling of the address', async () => {
    const { email } = await stage.shop.signUp()
    const address = anAddress()
    const spellings = [email, email.toUpperCase(), email.replace('example', 'eXample')]
    const replies = await Promise.all(
      Array.from({ length: 24 }, (_, index) => signIn(address, spellings[index % 3] ?? email, `guess number ${index}`)),
    )
    expect([count(replies, 401), count(replies, 429)]).toEqual([FREE, 24 - FREE])
  })

  it('from the many networks of one IPv6 site waits as from one address', async () => {
    const { email } = await stage.shop.signUp()
    const replies = []
    for (let count = 0; count <= FREE; count += 1) {
      replies.push(await signIn(`2001:db8:48:${count}::1`, email, `not the password ${count}`))
    }
    expect(statusesOf(replies)).toEqual([...wrong(FREE), 429])
    expect(statusesOf([await signIn('2001:db8:49:1::1', email, 'not the password')])).toEqual([401])
  })

  it('at many accounts from one address stops at the thirty-first failure', async () => {
    const address = anAddress()
    const tries = Array.from({ length: LIMITS.signIn.quota + 1 }, (_, index) => `nobody-${index}@example.com`)
    const statuses: number[] = []
    for (const email of tries) statuses.push((await signIn(address, email, 'guess')).status)
    expect(statuses).toEqual([...wrong(LIMITS.signIn.quota), 429])
  })
})

describe('signing in', () => {
  it('with the right password counts as no failure, however often', async () => {
    const { email, password } = await stage.shop.signUp()
    const address = anAddress()
    for (let count = 0; count <= STRANGERS; count += 1) {
      const reply = await signIn(address, email, password)
      expect(reply.status).toBe(200)
      expect(header(reply, 'ratelimit')).toContain(`"sign-in-failures";r=${FREE};`)
    }
  })

  it('and leaving before the answer locks nobody out', async () => {
    const { email, password } = await stage.shop.signUp()
    const left = Array.from({ length: 16 }, async () => {
      const abort = new AbortController()
      const sent = fetch(`${stage.platform.url}/api/users/login`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', 'cf-connecting-ip': anAddress() },
        body: JSON.stringify({ email, password }),
        signal: abort.signal,
      })
      setTimeout(() => abort.abort(), 30)
      await sent.catch(() => undefined)
    })
    await Promise.all(left)
    expect((await signIn(anAddress(), email, password)).status).toBe(200)
  })

  it('needs no Redis; a failure costs one round trip to the database, and a refusal none', async () => {
    const { shop, platform } = stage
    const { email, password } = await shop.signUp()
    const address = anAddress()
    // By the trace of the request: meanwhile the mail of the registration is sent.
    const roundTripsOf = async (tried: string) => {
      platform.upstash.resetCounts()
      const traceId = crypto.randomUUID().replaceAll('-', '')
      const { status } = await signIn(address, email, tried, {}, { traceparent: `00-${traceId}-00f067aa0ba902b7-01` })
      return { status, redis: platform.upstash.counts().requests, postgres: platform.database.traces.of(traceId) }
    }
    expect(await roundTripsOf(password)).toEqual({ status: 200, redis: 0, postgres: 2 })
    expect(await roundTripsOf('wrong')).toEqual({ status: 401, redis: 0, postgres: 1 })
    await guess(address, email, FREE - 1)
    expect(await roundTripsOf(password)).toEqual({ status: 429, redis: 0, postgres: 0 })
  })
})

describe('registering', () => {
  it('is limited per address', async () => {
    const address = anAddress()
    for (let count = 0; count < LIMITS.registration.quota; count += 1) {
      expect((await register(address)).status).toBe(201)
    }
    const refused = await register(address)
    expect(refused.status).toBe(429)
    expect(header(refused, 'ratelimit')).toMatch(/^"registration";r=0;t=\d+, /)
    expect((await register(anAddress())).status).toBe(201)
  })

  it('is limited per e-mail address', async () => {
    const { email } = await stage.shop.signUp()
    const taken = LIMITS.registrationEmail.quota - 1
    for (let count = 0; count < taken; count += 1) expect((await register(anAddress(), email)).status).toBe(409)
    expect((await register(anAddress(), email.toUpperCase())).status).toBe(429)
  })
})

describe('declined cards', () => {
  const DECLINED = 'pm_card_visa_chargeDeclined'

  /** Pays from a new address each time. */
  const pay = (order: OrderBody, as: { token?: string; headers?: Record<string, string> }, method = DECLINED) =>
    stage.shop.request('POST', '/api/payments', { ...as, body: { order_id: order.id, payment_method: method } })

  const declinesOf = (order: OrderBody) => {
    const intents = new Set(intentsOf(stage.platform.stripe, order).map(({ id }) => id))
    const charges = stage.platform.stripe.charges()
    return charges.filter(({ payment_intent: id, status }) => status === 'failed' && intents.has(String(id))).length
  }

  async function guestOrder() {
    const product = await stage.shop.addProduct(stage.admin)
    const body = { items: [{ product_id: product.id, quantity: 1 }], email: `${crypto.randomUUID()}@example.com` }
    const placed = await stage.shop.request('POST', '/api/orders', { body })
    return { order: placed.body.order, as: { headers: { 'x-order-token': placed.body.order_token ?? '' } } }
  }

  async function customerOrder() {
    const customer = await stage.shop.signUp()
    const product = await stage.shop.addProduct(stage.admin)
    const { order } = (await stage.shop.placeOrder(customer, [[product, 1]])).body
    return { order, as: { token: customer.token } }
  }

  it.each([
    ['a guest', guestOrder],
    ['a customer', customerOrder],
  ])('of the order of %s are at most ten, however many are tried at once; then paying it pauses', async (_, place) => {
    const { order, as } = await place()
    const replies = await Promise.all(Array.from({ length: 30 }, () => pay(order, as)))
    while (replies.at(-1)?.status !== 429 && replies.length < 55) replies.push(await pay(order, as))
    expect(statusesOf(replies).filter((status) => status === 402)).toHaveLength(MAX_DECLINES)
    expect(declinesOf(order)).toBe(MAX_DECLINES)
    const refused = await pay(order, as, 'pm_card_visa')
    expect([refused.status, refused.body.code]).toEqual([429, 'payment_attempts_exhausted'])
    expect(Number(header(refused, 'retry-after'))).toBeGreaterThan(0)
    expect(Number(header(refused, 'retry-after'))).toBeLessThanOrEqual(60)
    expect(refused.body.retry_after).toBe(Number(header(refused, 'retry-after')))
  })

  it('that were tried at Stripe directly count too, and another order of the customer is not affected', async () => {
    const { order, as } = await customerOrder()
    const started = await stage.shop.request('POST', '/api/payments', { ...as, body: { order_id: order.id } })
    const secret = started.body.payment.client_secret ?? ''
    for (let count = 0; count < MAX_DECLINES; count += 1) {
      expect(await confirmInBrowser(stage.platform.stripe, secret, DECLINED)).toBe(402)
    }
    const refused = await eventually(
      () => stage.shop.request('POST', '/api/payments', { ...as, body: { order_id: order.id } }),
      ({ status }) => status === 429,
      5_000,
    )
    expect(refused.body.code).toBe('payment_attempts_exhausted')
    const product = await stage.shop.addProduct(stage.admin)
    const other = await stage.shop.request('POST', '/api/orders', {
      ...as,
      body: { items: [{ product_id: product.id, quantity: 1 }] },
    })
    expect((await pay(other.body.order, as, 'pm_card_visa')).status).toBe(201)
  })

  it('of one order are limited at the gateway from all addresses together', async () => {
    const { order, as } = await guestOrder()
    const replies: Reply[] = []
    // Twice the quota plus one, since the minute may end in between.
    while (replies.length <= 2 * LIMITS.paymentOrder.quota && replies.at(-1)?.body.code !== 'rate_limited') {
      replies.push(...(await Promise.all(Array.from({ length: 20 }, () => pay(order, as)))))
    }
    expect(replies.at(-1)?.body.code).toBe('rate_limited')
    expect(header(replies.at(-1) as Reply, 'ratelimit')).toBe('"payment-order";r=0')
    expect(declinesOf(order)).toBeLessThanOrEqual(MAX_DECLINES)
  })
})

describe('while Redis is', () => {
  it.each([
    ['out', { kind: 'cut_before' }],
    ['slow', { kind: 'delay', ms: 5_000 }],
    ['answering nonsense', { kind: 'status', status: 200, body: '<html>' }],
    ['refusing the token', { kind: 'status', status: 401 }],
  ] as const)('%s, an account allows exactly as many guesses, and its owner signs in', async (_, fault) => {
    const { shop, platform } = stage
    const { email, password } = await shop.signUp()
    await signIn(anAddress(), email, password, { device_id: DEVICE })
    const before = await guessFromEverywhere(email, 10)
    platform.upstash.faults.add({ ...fault, times: Number.POSITIVE_INFINITY })
    const during = await guessFromEverywhere(email, 40)
    platform.upstash.faults.clear()
    const after = await guessFromEverywhere(email, 10)
    expect([before, during, after].map((replies) => count(replies, 401))).toEqual([10, STRANGERS - 10, 0])
    expect((await signIn(anAddress(), email, password, { device_id: DEVICE })).status).toBe(200)
  })
})

describe('one IP address', () => {
  it('that sends more than 600 requests in a minute is refused, and another is not', async () => {
    const { shop } = stage
    const from = (address: string) => shop.request('GET', '/', { headers: { 'cf-connecting-ip': address } })
    const address = anAddress()
    const replies: Reply[] = []
    // Twice the quota, since the minute may end in between.
    while (replies.length <= 2 * LIMITS.address.quota && replies.at(-1)?.status !== 429) {
      replies.push(...(await Promise.all(Array.from({ length: 50 }, () => from(address)))))
    }
    expect(replies.length).toBeGreaterThan(LIMITS.address.quota)
    const refused = replies.find(({ status }) => status === 429)
    expect(refused?.headers.get('retry-after')).toBe('60')
    expect(refused?.headers.get('ratelimit')).toBe('"address";r=0')
    expect((await from(anAddress())).status).toBe(200)
  })
})
