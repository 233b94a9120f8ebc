import type { Account } from '@shop/testing/shop'
import { describe, expect, it } from 'vitest'
import { newOwned } from '../support/owned.ts'
import { useAttackers } from '../support/use-attackers.ts'
import { useSharedPlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): who may reach which object. */
const stage = useSharedPlatform()
const anAttacker = useAttackers(stage)
const MISSING = '01jd4k2v9rf0fv8z3x1m5q7w2e'

const as = (account: Account, method: string, path: string, body?: unknown, headers = {}) =>
  stage.shop.request(method, path, { token: account.token, headers, ...(body === undefined ? {} : { body }) })
const ANY_ADDRESS = { line1: '1 Main St', city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' }

describe('API1:2023 Broken object level authorization', () => {
  /** Makes something of the customer, and returns its path and the path of what does not exist. */
  const THINGS: Record<string, () => Promise<[theirs: string, missing: string]>> = {
    'an address': async () => {
      const { address } = (await as(stage.customer, 'POST', '/api/users/addresses', ANY_ADDRESS)).body
      return [`/api/users/addresses/${address.id}`, `/api/users/addresses/addr_${MISSING}`]
    },
    'a session': async () => {
      const { sessions } = (await as(stage.customer, 'GET', '/api/users/sessions')).body
      return [`/api/users/sessions/${sessions[0]?.id}`, `/api/users/sessions/session_${MISSING}`]
    },
    'an authenticator app': async () => {
      const owner = await stage.shop.signUp()
      const { factor } = (await as(owner, 'POST', '/api/users/factors/totp', { name: 'Phone' })).body
      return [`/api/users/factors/${factor.id}`, `/api/users/factors/${factor.id.slice(0, -26)}${MISSING}`]
    },
    'a saved card': async () => {
      const order = (await stage.shop.placeOrder(stage.customer, [[await stage.shop.addProduct(stage.admin), 1]])).body
      const body = { order_id: order.order.id, payment_method: 'pm_card_visa', save_payment_method: true }
      expect((await as(stage.customer, 'POST', '/api/payments', body)).status).toBe(201)
      const { payment_methods: cards } = (await as(stage.customer, 'GET', '/api/payments/methods')).body
      return [`/api/payments/methods/${cards[0]?.id}`, '/api/payments/methods/pm_1NobodyHasThisOne0000000']
    },
    'an API key': async () => {
      const body = { kind: 'publishable', name: 'Storefront' }
      const { api_key: key } = (await as(stage.admin, 'POST', '/api/api-keys', body)).body
      return [`/api/api-keys/${key.id}`, `/api/api-keys/key_${MISSING}`]
    },
  }
  const CALLS: [thing: string, method: string, rest: string, body?: object][] = [
    ['an address', 'GET', ''],
    ['an address', 'PATCH', '', { line1: 'mine' }],
    ['an address', 'DELETE', ''],
    ['a session', 'DELETE', ''],
    ['an authenticator app', 'DELETE', ''],
    ['an authenticator app', 'POST', '/confirm', { code: '123456' }],
    ['a saved card', 'DELETE', ''],
    ['an API key', 'DELETE', ''],
  ]

  it.each(CALLS)('%s of somebody else: %s%s answers as if there were none', async (thing, method, rest, body) => {
    const [theirs, missing] = (await THINGS[thing]?.()) ?? ['', '']
    const attacker = anAttacker()
    const refused = await as(attacker, method, theirs + rest, body)
    const absent = await as(attacker, method, missing + rest, body)
    expect([403, 404]).toContain(refused.status)
    expect([refused.status, refused.body.code]).toEqual([absent.status, absent.body.code])
  })

  it('the notes that staff keep with an order or an account are not read or written by its owner', async () => {
    const { id } = await newOwned(stage, '/api/orders/{id}', stage.customer)
    const metadata = { risk: 'suspected fraud' }
    expect((await as(stage.admin, 'PATCH', `/api/orders/${id}`, { metadata })).status).toBe(200)
    const mine = stage.customer.user.id
    expect((await as(stage.admin, 'PATCH', `/api/users/${mine}/metadata`, { metadata })).status).toBe(200)
    for (const path of [`/api/orders/${id}`, `/api/orders/${id}/events`, '/api/orders', '/api/users/profile']) {
      const shown = await as(stage.customer, 'GET', path)
      expect([path, shown.status, JSON.stringify(shown.body).includes('fraud')]).toEqual([path, 200, false])
    }
    expect((await as(stage.customer, 'GET', `/api/users/${mine}/metadata`)).status).toBe(403)
    expect((await as(stage.customer, 'PATCH', `/api/users/${mine}/metadata`, { metadata: {} })).status).toBe(403)
    expect((await as(stage.customer, 'PATCH', `/api/orders/${id}`, { metadata: {} })).status).toBe(403)
  })

  it.each([
    ['/api/orders?scope=all', 403],
    ['/api/orders?user_id={victim}', 422],
    ['/api/orders?email={email}', 200],
    ['/api/users/addresses?user_id={victim}', 422],
    ['/api/users/sessions?user_id={victim}', 422],
    ['/api/payments/methods?customer={victim}', 422],
    ['/api/users?search={email}', 403],
    ['/api/users/{victim}', 403],
    ['/api/tax/exemptions?user_id={victim}', 403],
    ['/api/payments/ledger?payment_id=pay_01jd4k2v9rf0fv8z3x1m5q7w2e', 403],
    ['/api/audit?actor_id={victim}', 403],
    ['/api/events/orders?key={victim}', 403],
  ])('the list %s shows nothing of another account', async (template, status) => {
    const { user, email } = stage.customer
    const path = template.replace('{victim}', user.id).replace('{email}', encodeURIComponent(email))
    const refused = await as(anAttacker(), 'GET', path)
    expect(refused.status).toBe(status)
    expect(JSON.stringify(refused.body)).not.toContain(email)
  })

  it('a cursor of somebody else’s list leads into one’s own list only', async () => {
    for (const _ of [1, 2]) await as(stage.customer, 'POST', '/api/users/login', stage.customer)
    const { email, password } = stage.customer
    await stage.shop.request('POST', '/api/users/login', { body: { email, password } })
    const { next_cursor: cursor } = (await as(stage.customer, 'GET', '/api/users/sessions?limit=1')).body
    expect(cursor).toEqual(expect.any(String))
    const attacker = anAttacker()
    const own = (await as(attacker, 'GET', '/api/users/sessions')).body.sessions.map(({ id }) => id)
    const led = (await as(attacker, 'GET', `/api/users/sessions?cursor=${cursor}`)).body.sessions
    for (const { id } of led) expect(own).toContain(id)
  })

  it('ids next to one’s own lead to nothing', async () => {
    const attacker = anAttacker()
    const { id } = await newOwned(stage, '/api/orders/{id}', attacker)
    await newOwned(stage, '/api/orders/{id}', stage.customer)
    const letters = '0123456789abcdefghjkmnpqrstvwxyz'
    for (const letter of letters.replace(id.slice(-1), '')) {
      expect((await as(attacker, 'GET', `/api/orders/${id.slice(0, -1)}${letter}`)).status).toBe(404)
    }
  })

  it('the cart of another guest is neither merged nor completed by somebody who knows its id', async () => {
    const victim = await newOwned(stage, '/api/carts/{id}', undefined)
    const attacker = anAttacker()
    const own = await newOwned(stage, '/api/carts/{id}', undefined)
    for (const headers of [{}, { 'x-cart-token': own.guestToken ?? '' }]) {
      expect((await as(attacker, 'POST', `/api/carts/${victim.id}/merge`, undefined, headers)).status).toBe(404)
      expect((await as(attacker, 'POST', `/api/carts/${victim.id}/complete`, {}, headers)).status).toBe(404)
    }
  })
})
