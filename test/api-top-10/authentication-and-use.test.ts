import { LIMITS } from '@shop/contracts/limits'
import { describedOperations } from '@shop/testing/api-contract'
import type { Reply } from '@shop/testing/client'
import type { ProductBody } from '@shop/testing/product-body'
import type { Account } from '@shop/testing/shop'
import { readToken, unsignedToken } from '@shop/testing/tokens'
import { totpCode } from '@shop/testing/totp-device'
import { beforeAll, describe, expect, it } from 'vitest'
import { anAddress, attack, filledPath } from '../support/attacks.ts'
import { resigned } from '../support/forgeries.ts'
import { mailedToken } from '../support/mailed-tokens.ts'
import { expectRefusal } from '../support/problems.ts'
import { usePlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): who somebody is, what one caller may use up, and what a buyer may do too often. */
const stage = usePlatform({ buyerCaps: 'strict' })
const staff: Account[] = []
let turn = 0
/** Several administrators, since the limit per user counts their requests. */
const oneOfStaff = (): string => {
  turn += 1
  return staff[turn % staff.length]?.token ?? ''
}
beforeAll(async () => {
  for (let n = 0; n < 4; n += 1) staff.push(await stage.shop.signUpAdmin())
})

const post = (path: string, body?: unknown, token?: string, headers = {}) =>
  stage.shop.request('POST', path, { body, token, headers: { 'cf-connecting-ip': anAddress(), ...headers } })
const codeOf = ({ status, body }: Reply) => [status, body.code]
const PASSWORD = 'a long enough passphrase'

describe('API2:2023 Broken authentication', () => {
  const needsSignIn = describedOperations().filter(({ access }) => ['signed_in', 'scope'].includes(access?.kind ?? ''))

  it.each(needsSignIn)('$operationId takes no token without a signature, nor one of another audience', async (one) => {
    const { token } = stage.admin
    const { claims } = readToken(token)
    const otherAudience = resigned(stage.platform.signingKeys, token, {}, { aud: 'another-api' })
    for (const forged of [unsignedToken({ ...claims, role: 'admin' }), otherAudience]) {
      const answer = await attack(stage.platform.url, one.method, filledPath(one), {
        headers: { authorization: `Bearer ${forged}` },
        ...(one.method === 'GET' || one.method === 'DELETE' ? {} : { body: '{}' }),
      })
      const { status, body } = await expectRefusal(answer)
      expect([status, body.code]).toEqual([401, 'invalid_token'])
    }
  })

  it.each([
    'password',
    '123456789012345',
    'passwordpassword',
    'qwertyuiopasdfgh',
    '1qaz2wsx3edc4rfv',
    'iloveyouiloveyou',
    'aaaaaaaaaaaaaaaa',
    'Example Shop 2026!',
  ])('nobody gets an account with the password "%s", which is guessed first', async (password) => {
    const refused = await post('/api/users/register', { email: `${crypto.randomUUID()}@example.com`, password })
    expect(codeOf(refused)).toEqual([422, 'invalid_password'])
  })

  it('one kind of token is never taken for another', async () => {
    const { token, refreshToken } = await stage.shop.signUp()
    const product = await stage.shop.addProduct(stage.admin)
    const items = [{ product_id: product.id, quantity: 1 }]
    const guest = await post('/api/orders', { items, email: 'guest@example.com' })
    const cart = await post('/api/carts', { items })
    const others = [refreshToken, guest.body.order_token, cart.body.cart_token]
    for (const other of others) {
      expect(codeOf(await post('/api/users/logout-all', undefined, other))).toEqual([401, 'invalid_token'])
    }
    for (const other of [token, guest.body.order_token, cart.body.cart_token]) {
      expect([401, 422]).toContain((await post('/api/users/refresh', { refresh_token: other })).status)
      const body = { token: other, new_password: PASSWORD }
      expect(codeOf(await post('/api/users/password-reset/confirm', body))[0]).toBeGreaterThanOrEqual(400)
    }
    const headers = { 'x-order-token': cart.body.cart_token }
    expect((await stage.shop.request('GET', `/api/orders/${guest.body.order.id}`, { headers })).status).toBe(404)
  })

  it('the answers of a sign-in, a reset and a verification are the same for an address without an account', async () => {
    const { email } = await stage.shop.signUp()
    const unknown = `${crypto.randomUUID()}@example.com`
    const shown = ({ status, body }: Reply) => [status, { ...body, request_id: '' }]
    const headersOf = ({ headers }: Reply) => [...headers.keys()].filter((name) => name !== 'server-timing').sort()
    for (const path of ['/api/users/login', '/api/users/password-reset', '/api/users/verification']) {
      const bodyOf = (address: string) =>
        path.endsWith('login') ? { email: address, password: 'not the password' } : { email: address }
      const [known, none] = [await post(path, bodyOf(email)), await post(path, bodyOf(unknown))]
      expect(shown(known)).toEqual(shown(none))
      expect(headersOf(known)).toEqual(headersOf(none))
    }
  })

  it('a reset by mail does not get past a second factor', async () => {
    const owner = await stage.shop.signUp()
    const link = await mailedToken(stage.platform, { email: owner.email, kind: 'verification' })
    expect((await post('/api/users/verification/confirm', { token: link })).status).toBe(200)
    const enrolled = (await post('/api/users/factors/totp', { name: 'Phone' }, owner.token)).body
    const code = await totpCode(enrolled.secret)
    expect((await post(`/api/users/factors/${enrolled.factor.id}/confirm`, { code }, owner.token)).status).toBe(200)
    await post('/api/users/password-reset', { email: owner.email })
    const token = await mailedToken(stage.platform, { email: owner.email, kind: 'password_reset' })
    const reset = await post('/api/users/password-reset/confirm', { token, new_password: 'another long passphrase' })
    expect([reset.status, reset.body.token]).toEqual([200, undefined])
    const signedIn = await post('/api/users/login', { email: owner.email, password: 'another long passphrase' })
    expect([signedIn.body.mfa_required, signedIn.body.token]).toEqual([true, undefined])
  })

  it('a botnet that tries a leaked list on one account gets 20 tries, and then not even with the right password', async () => {
    const victim = await stage.shop.signUp()
    let machines = 0
    const tryAt = (password: string) => {
      machines += 1
      const headers = { 'cf-connecting-ip': `10.66.0.${machines}` }
      return post('/api/users/login', { email: victim.email, password }, undefined, headers)
    }
    const statuses: number[] = []
    for (let n = 0; n < 25; n += 1) statuses.push((await tryAt(`leaked password ${n}`)).status)
    expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)])
    expect((await tryAt(victim.password)).status).toBe(429)
  })

  it.each(['admin', 'root', 'test', 'demo', 'support'])('there is no account %s to begin with', async (name) => {
    for (const password of ['for-local-staff-only', 'for-local-buyers-only', 'admin', 'password', 'changeme']) {
      const answer = await post('/api/users/login', { email: `${name}@example.com`, password })
      expect([401, 429]).toContain(answer.status)
    }
  })
})

describe('API4:2023 Unrestricted resource consumption', () => {
  /** Each takes some milliseconds; a machine that runs other tests may be slow. */
  const SOON_MS = 4_000

  const lists = describedOperations().filter(({ parameters }) => parameters.some(({ name }) => name === 'limit'))
  const asStaff = (method: string, path: string, init: RequestInit = {}) =>
    attack(stage.platform.url, method, path, {
      ...init,
      headers: { authorization: `Bearer ${oneOfStaff()}`, ...Object(init.headers) },
    })

  it.each(lists)('$operationId lists no page of a million, and reads no cursor of 7 KB', async (operation) => {
    const path = filledPath(operation)
    for (const query of ['limit=1000000', 'limit=-1', 'limit=1e9', `cursor=${'x'.repeat(7_000)}`]) {
      const { status } = await expectRefusal(await asStaff('GET', `${path}?${query}`))
      expect([404, 422], `${path}?${query}`).toContain(status)
    }
  })

  const BOMBS: Record<string, string> = {
    '100,000 levels deep': '['.repeat(100_000) + ']'.repeat(100_000),
    'of 40,000 unknown fields': `{${Array.from({ length: 20_000 }, (_, n) => `"f${n}":1`).join()}}`,
    'with a number of 200,000 digits': `{"items":${'9'.repeat(200_000)}}`,
    'with a list of 100,000 items': `{"items":[${'1,'.repeat(99_999)}1]}`,
    'with a text of 250 KB': `{"email":"${'a'.repeat(250_000)}","password":"x"}`,
    'of 5 MB': `{"email":"${'a'.repeat(5_000_000)}"}`,
  }
  const PUBLIC = ['/api/users/register', '/api/users/login', '/api/users/refresh', '/api/orders', '/api/carts']

  it.each(Object.entries(BOMBS))('a body %s is refused at once, with a short answer', async (_, body) => {
    for (const path of PUBLIC) {
      const began = Date.now()
      const answer = await attack(stage.platform.url, 'POST', path, { body })
      const text = await answer.clone().text()
      expect([400, 413, 422], path).toContain((await expectRefusal(answer)).status)
      expect([Date.now() - began < SOON_MS, text.length < 20_000], path).toEqual([true, true])
    }
  })

  it('a body that is small only while it is compressed is not unpacked', async () => {
    const answer = await attack(stage.platform.url, 'POST', '/api/users/login', {
      body: new Uint8Array(1_000),
      headers: { 'content-encoding': 'gzip' },
    })
    expect((await expectRefusal(answer)).status).toBe(415)
  })

  it.each([
    '(a+)+$',
    '%'.repeat(200),
    '_'.repeat(200),
    '\\'.repeat(200),
    'a '.repeat(100),
    "' | ' & ' ! ".repeat(16),
    '(((((((((('.repeat(20),
    'aa:*|bb:*&!cc'.repeat(15),
    '😀'.repeat(100),
  ])('a search for %j is answered at once', async (search) => {
    for (const path of ['/api/products?search=', '/api/search/suggest?q=']) {
      const began = Date.now()
      const answer = await asStaff('GET', path + encodeURIComponent(search))
      expect(answer.status).toBeLessThan(500)
      expect(Date.now() - began).toBeLessThan(SOON_MS)
    }
  })

  it('a hundred sign-ins at once, which all need a slow hash, are answered or refused, and the shop goes on', async () => {
    const guesses = Array.from({ length: 100 }, (_, n) =>
      post('/api/users/login', { email: `${n}-${crypto.randomUUID()}@example.com`, password: 'x'.repeat(128) }),
    )
    for (const { status } of await Promise.all(guesses)) expect([401, 429, 503]).toContain(status)
    expect((await attack(stage.platform.url, 'GET', '/api/products?limit=1')).status).toBe(200)
  })

  it.each([
    { 'if-none-match': '"x",'.repeat(1_500) },
    { 'accept-language': 'de;q=0.1,'.repeat(700) },
    { cookie: 'a=b;'.repeat(1_500) },
    { 'x-order-token': 'v1.'.repeat(2_000) },
    { authorization: `Bearer ${'a.'.repeat(3_000)}` },
  ])('a header of some KB costs nothing more: %#', async (headers) => {
    const began = Date.now()
    const answer = await attack(stage.platform.url, 'GET', '/api/products?limit=1', { headers })
    expect(answer.status).toBeLessThan(500)
    expect(Date.now() - began).toBeLessThan(SOON_MS)
  })
})

describe('API6:2023 Unrestricted access to sensitive business flows', () => {
  const order = (items: object[], over: object = {}, token?: string) =>
    post(
      '/api/orders',
      { items, ...(token === undefined ? { email: `${crypto.randomUUID()}@example.com` } : {}), ...over },
      token,
    )
  const heldOf = async ({ id }: ProductBody) =>
    (await stage.shop.request('GET', `/api/inventory/${id}`, { token: stage.admin.token })).body.inventory.held

  it('thirty carts with all of the stock hold none of it: another buyer orders', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 5 })
    for (let n = 0; n < 30; n += 1) await post('/api/carts', { items: [{ product_id: product.id, quantity: 5 }] })
    expect(await heldOf(product)).toBe(0)
    expect((await order([{ product_id: product.id, quantity: 5 }])).status).toBe(201)
  })

  it('more than max_per_order is not bought by several lines, nor by a cart that was merged', async () => {
    const product = await stage.shop.addProduct(stage.admin, { max_per_order: 2, stock_quantity: 50 })
    const [variant] = product.variants
    const one = { product_id: product.id, quantity: 1 }
    const lines = [one, one, { variant_id: variant?.id, quantity: 1 }]
    expect(codeOf(await order(lines))).toEqual([422, 'max_per_order_exceeded'])
    const buyer = await stage.shop.signUp()
    const own = (await post('/api/carts', { items: [one, one] }, buyer.token)).body.cart
    const guest = (await post('/api/carts', { items: [one, one, one] })).body
    await post(`/api/carts/${guest.cart.id}/merge`, undefined, buyer.token, { 'x-cart-token': guest.cart_token })
    const completed = await post(`/api/carts/${own.id}/complete`, {}, buyer.token)
    expect(completed.body.order.items.map(({ quantity }) => quantity)).toEqual([2])
    expect(await heldOf(product)).toBe(2)
  })

  it('a guest who cancels and orders again in a loop holds no more than three orders at any time', async () => {
    const product = await stage.shop.addProduct(stage.admin, { stock_quantity: 500 })
    const email = `${crypto.randomUUID()}@example.com`
    const answers = await Promise.all(
      Array.from({ length: 12 }, () => order([{ product_id: product.id, quantity: 30 }], { email })),
    )
    expect(answers.filter(({ status }) => status === 201).length).toBeLessThanOrEqual(3)
    expect(await heldOf(product)).toBeLessThanOrEqual(100)
  })

  it('guessing codes in a cart is limited, and no guess says more than that there is no such code', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const { cart, cart_token: token } = (await post('/api/carts', { items: [{ product_id: product.id, quantity: 1 }] }))
      .body
    const changeCart = (codes: unknown) =>
      stage.shop.request('PATCH', `/api/carts/${cart.id}`, {
        body: { codes },
        headers: { 'x-cart-token': token, 'cf-connecting-ip': '10.67.0.1' },
      })
    const first = await changeCart(['SAVE10', 'GIFT10'])
    expect(first.body.cart.messages.map(({ reason }) => reason)).toEqual(['unknown', 'unknown'])
    // Counted before they are read.
    const more = Array.from({ length: 620 }, () => changeCart(10))
    expect((await Promise.all(more)).filter(({ status }) => status === 429).length).toBeGreaterThan(0)
    const tooMany = { codes: Array.from({ length: 1_000 }, (_, n) => `SAVE${n}`) }
    const many = await stage.shop.request('PATCH', `/api/carts/${cart.id}`, {
      body: tooMany,
      headers: { 'x-cart-token': token },
    })
    expect(many.status).toBe(422)
  })

  it('making carts and orders from one address is limited', async () => {
    const headers = { 'cf-connecting-ip': '10.68.0.1' }
    for (const [path, quota] of [
      ['/api/carts', LIMITS.cartAddress.quota],
      ['/api/orders', LIMITS.orderAddress.quota],
    ] as const) {
      // What is wrong with them is found after they were counted. A window may end in between.
      const asked = Array.from({ length: 2 * quota + 10 }, () => post(path, { items: 0 }, undefined, headers))
      expect((await Promise.all(asked)).filter(({ status }) => status === 429).length).toBeGreaterThan(0)
    }
  })

  it.each([0, -1, 0.5, 1e9, '1', null])('a quantity of %j is not bought', async (quantity) => {
    const product = await stage.shop.addProduct(stage.admin)
    expect((await order([{ product_id: product.id, quantity }])).status).toBe(422)
    expect(await heldOf(product)).toBe(0)
  })

  it('no step is skipped: an order that is cancelled is not paid, and an unpaid one not shipped', async () => {
    const product = await stage.shop.addProduct(stage.admin)
    const buyer = await stage.shop.signUp()
    const placed = (await order([{ product_id: product.id, quantity: 1 }], {}, buyer.token)).body.order
    const asOwner = (status: string) =>
      stage.shop.request('PATCH', `/api/orders/${placed.id}/status`, { token: buyer.token, body: { status } })
    const asAdmin = await stage.shop.request('PATCH', `/api/orders/${placed.id}/status`, {
      token: stage.admin.token,
      body: { status: 'shipped' },
    })
    expect(codeOf(asAdmin)).toEqual([409, 'order_status_conflict'])
    expect((await asOwner('cancelled')).status).toBe(200)
    expect(codeOf(await stage.shop.pay(buyer, placed, 'pm_card_visa'))).toEqual([409, 'order_not_payable'])
  })
})
