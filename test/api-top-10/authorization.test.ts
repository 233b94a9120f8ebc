import { readFileSync } from 'node:fs'
import { describedOperations } from '@shop/testing/api-contract'
import type { Account } from '@shop/testing/shop'
import { sql } from 'drizzle-orm'
import { beforeAll, describe, expect, it } from 'vitest'
import { attack, filledPath } from '../support/attacks.ts'
import { newOwned } from '../support/owned.ts'
import { expectRefusal } from '../support/problems.ts'
import { usePlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): who may reach which object, which of its fields, and which operation. */
const stage = usePlatform()
const MISSING = '01jd4k2v9rf0fv8z3x1m5q7w2e'

/** Attackers are customers with an account. Several, since the limit per user counts their requests. */
const attackers: Account[] = []
let turn = 0
const anAttacker = (): Account => {
  turn += 1
  const attacker = attackers[turn % attackers.length]
  if (attacker === undefined) throw new Error('No attackers')
  return attacker
}
beforeAll(async () => {
  for (let n = 0; n < 6; n += 1) attackers.push(await stage.shop.signUp())
})

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

describe('API3:2023 Broken object property level authorization', () => {
  const anEmail = () => `${crypto.randomUUID()}@example.com`
  const item = { product_id: 1, quantity: 1 }
  /** Valid bodies of what customers send, each with fields that are the shop's to set. */
  const BODIES: [name: string, method: string, path: string, body: () => object, fields: Record<string, unknown>][] = [
    [
      'an account',
      'POST',
      '/api/users/register',
      () => ({ email: anEmail(), password: 'a long enough passphrase' }),
      { role: 'admin', email_verified: true, is_admin: true, id: 'user_1', scopes: ['orders:read'], metadata: {} },
    ],
    [
      'a profile',
      'PATCH',
      '/api/users/profile',
      () => ({ name: 'Eve' }),
      { role: 'admin', email: 'other@example.com', email_verified: true, version: 9, id: 'user_1', password_hash: 'x' },
    ],
    ['an address', 'POST', '/api/users/addresses', () => ANY_ADDRESS, { user_id: 'user_1', id: 'addr_1', version: 1 }],
    [
      'an order',
      'POST',
      '/api/orders',
      () => ({ items: [item] }),
      {
        user_id: 'user_1',
        status: 'paid',
        payment_status: 'paid',
        total_amount: 0.01,
        discount_total: 99,
        tax_total: 0,
        captured_amount: 99,
        metadata: { vip: 'yes' },
        expires_at: '2099-01-01T00:00:00Z',
        version: 1,
      },
    ],
    ['a cart', 'POST', '/api/carts', () => ({ items: [] }), { user_id: 'user_1', total_amount: 0, discount_total: 5 }],
    [
      'a sign-in',
      'POST',
      '/api/users/login',
      () => ({ email: anEmail(), password: 'x' }),
      { role: 'admin', amr: ['mfa'], mfa_required: false, expires_in: 99_999 },
    ],
    [
      'a payment',
      'POST',
      '/api/payments',
      () => ({ order_id: `order_${MISSING}` }),
      { status: 'succeeded', customer: 'cus_1', capture_method: 'manual', captured_amount: 1, user_id: 'user_1' },
    ],
  ]
  const cases = BODIES.flatMap(([name, method, path, body, fields]) =>
    Object.entries(fields).map(([field, value]) => ({ name, field, method, path, body, value })),
  )

  it.each(cases)('a customer who sends $field with $name is refused, naming it', async ({ ...one }) => {
    const sent = { ...one.body(), [one.field]: one.value }
    const refused = await as(anAttacker(), one.method, one.path, sent)
    expect([refused.status, refused.body.errors?.map(({ field }) => field)]).toEqual([422, [one.field]])
  })

  it.each(['price', 'unit_price', 'discount', 'total', 'name'])(
    'an item that brings its %s is refused',
    async (field) => {
      const product = await stage.shop.addProduct(stage.admin)
      const items = [{ product_id: product.id, quantity: 1, [field]: 0.01 }]
      for (const path of ['/api/orders', '/api/carts']) {
        const refused = await as(anAttacker(), 'POST', path, { items })
        expect([path, refused.status]).toEqual([path, 422])
      }
    },
  )

  it('an amount that is sent with a payment never changes what is charged', async () => {
    const product = await stage.shop.addProduct(stage.admin, { price: 40 })
    const { order } = (await stage.shop.placeOrder(stage.customer, [[product, 1]])).body
    const cheap = { order_id: order.id, payment_method: 'pm_card_visa', amount: 0.01, currency: 'USD' }
    const answer = await as(stage.customer, 'POST', '/api/payments', cheap)
    if (answer.status === 201) expect(answer.body.payment.amount).toBe(40)
    else
      expect([answer.status, (await stage.shop.getOrder(stage.customer, order.id)).payment_status]).toEqual([
        422,
        'unpaid',
      ])
  })

  it.each(['paid', 'processing', 'shipped', 'delivered', 'refunded', 'pending'])(
    'the owner of an order cannot set its status to %s',
    async (status) => {
      const { id } = await newOwned(stage, '/api/orders/{id}', stage.customer)
      const refused = await as(stage.customer, 'PATCH', `/api/orders/${id}/status`, { status })
      expect([403, 409, 422]).toContain(refused.status)
      expect((await stage.shop.getOrder(stage.customer, id)).status).toBe('pending')
    },
  )

  it('no answer that the API describes can have an undescribed field, nor one of the words of secrets', () => {
    const file = new URL('../../openapi.json', import.meta.url)
    const document = JSON.parse(readFileSync(file, 'utf8')) as { components: { schemas: Record<string, unknown> } }
    const open: string[] = []
    const names = new Set<string>()
    const walk = (schema: unknown, path: string) => {
      if (typeof schema !== 'object' || schema === null) return
      const { type, properties, additionalProperties } = schema as Record<string, unknown>
      if (type === 'object' && properties !== undefined && additionalProperties !== false) open.push(path)
      for (const name of Object.keys((properties as object | undefined) ?? {})) names.add(name)
      for (const [key, value] of Object.entries(schema)) walk(value, `${path}/${key}`)
    }
    for (const [name, schema] of Object.entries(document.components.schemas)) walk(schema, name)
    // What WebAuthn and readiness have is open-ended; each problem has members of its own, and an export has what
    // the services know.
    expect(open.filter((path) => !/^(Problem|AccountExport|CreatedPasskey|Passkey\w+|Readiness)\b/.test(path))).toEqual(
      [],
    )
    const ofSecrets = [...names].filter((name) => /hash|salt|_key$|private|internal|stripe_|cvc|card_number/.test(name))
    expect(ofSecrets.sort()).toEqual(['api_key'])
  })

  it('what a customer reads has no hash, key of Stripe or name of staff in it', async () => {
    const { id } = await newOwned(stage, '/api/orders/{id}', stage.customer)
    await as(stage.admin, 'PATCH', `/api/orders/${id}/status`, { status: 'cancelled' })
    const { rows } = await stage.platform.database
      .as('users')
      .execute<{ hash: string }>(
        sql`select password_hash as hash from users.users where id = ${stage.customer.user.id}`,
      )
    const reads = describedOperations().filter(({ method }) => method === 'GET')
    for (const operation of reads) {
      const path = filledPath(operation, id)
      const answer = await attack(stage.platform.url, 'GET', path, {
        headers: { authorization: `Bearer ${stage.customer.token}` },
      })
      const text = await answer.text()
      expect(text, path).not.toContain(rows[0]?.hash)
      expect(text, path).not.toMatch(/\$argon2|token_hash|\bcus_\w|\bsk_(test|live)_/)
      expect(text, path).not.toContain(stage.admin.user.id)
    }
  })
})

describe('API5:2023 Broken function level authorization', () => {
  const ofStaff = describedOperations().filter(({ access }) => access?.kind === 'scope')
  const spellings = (path: string): string[] => [
    `${path}/`,
    path.replace('/api/', '/api//'),
    path.replace('/api', '//api'),
    path.replace('/api/', '/API/'),
    path.replace('/api/', '/%61pi/'),
    path.replace('/api/', '/api/./'),
    path.replace('/api/', '/api/x/..;/'),
    path.replace('/api/', '/api/%2e/'),
    `${path};admin=true`,
    `${path}%20`,
    `${path}.json`,
  ]
  const OVERRIDES = ['x-http-method-override', 'x-http-method', 'x-method-override']

  it.each(ofStaff)('$operationId is refused to a customer, however its path is spelled', async (operation) => {
    const { method } = operation
    for (const path of [filledPath(operation), ...spellings(filledPath(operation))]) {
      const init = method === 'GET' || method === 'DELETE' ? {} : { body: '{}' }
      const answer = await attack(stage.platform.url, method, path, {
        ...init,
        headers: { authorization: `Bearer ${anAttacker().token}` },
      })
      const { status } = await expectRefusal(answer)
      expect([400, 403, 404, 405, 422], path).toContain(status)
    }
  })

  it.each(['DELETE', 'PATCH', 'PUT'])('no header and no parameter makes a %s of another method', async (override) => {
    const product = await stage.shop.addProduct(stage.admin)
    for (const name of OVERRIDES) {
      for (const method of ['GET', 'POST']) {
        const answer = await attack(stage.platform.url, method, `/api/products/${product.id}`, {
          headers: { [name]: override, authorization: `Bearer ${stage.admin.token}` },
          ...(method === 'POST' ? { body: '{"name":"Changed"}' } : {}),
        })
        expect([method, answer.status]).toEqual([method, method === 'GET' ? 200 : 405])
      }
    }
    const query = await attack(stage.platform.url, 'POST', `/api/products/${product.id}?_method=${override}`, {
      body: '{"name":"Changed"}',
    })
    expect((await expectRefusal(query)).status).toBe(405)
    expect((await stage.shop.getProduct(product.id)).name).toBe(product.name)
  })

  it.each([
    { 'x-original-url': '/api/users' },
    { 'x-rewrite-url': '/api/users' },
    { 'x-forwarded-path': '/api/users' },
    { 'x-user-role': 'admin', 'x-role': 'admin' },
    { 'x-shop-caller': '{"kind":"user","userId":"user_1","role":"admin"}' },
    { 'x-forwarded-for': '127.0.0.1', 'x-real-ip': '127.0.0.1', 'x-internal': 'true' },
  ])('the headers %j open nothing', async (headers) => {
    const attacker = await stage.shop.signUp()
    for (const path of ['/api/users', '/api/audit', '/api/orders?scope=all']) {
      expect((await as(attacker, 'GET', path, undefined, headers)).status).toBe(403)
      expect((await stage.shop.request('GET', path, { headers })).status).toBe(401)
    }
    const shown = await as(attacker, 'GET', '/api/orders', undefined, headers)
    expect([shown.status, shown.body.orders]).toEqual([200, []])
  })

  it('a customer cannot raise their own role: not by the role, an invitation or a key', async () => {
    const attacker = anAttacker()
    const tries: [string, string, object][] = [
      ['PATCH', `/api/users/${attacker.user.id}/role`, { role: 'admin' }],
      ['POST', '/api/users/invitations', { email: 'eve@example.com', role: 'admin' }],
      ['POST', '/api/api-keys', { kind: 'secret', name: 'Eve', scopes: ['orders:read'] }],
    ]
    for (const [method, path, body] of tries) expect((await as(attacker, method, path, body)).status).toBe(403)
    expect((await as(attacker, 'GET', '/api/users/profile')).body.user.role).toBe('customer')
  })
})
