import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RequestOptions } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { Account } from '@shop/testing/shop'
import { sql } from 'drizzle-orm'
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest'
import { mailedToken } from './support/mailed-tokens.ts'
import { searchDatabases, searcherFor, searchLogs, searchObjects, searchRedis } from './support/search-everything.ts'
import { usePlatform } from './support/use-platform.ts'

/** The local runtime keeps objects, buckets and caches below it. Set before the platform starts. */
const RUNTIME = mkdtempSync(join(tmpdir(), 'privacy-'))
chmodSync(RUNTIME, 0o755)
vi.stubEnv('TMPDIR', RUNTIME)

// Hooks run in reverse: the platform is stopped first. The process then runs other files.
afterAll(() => {
  vi.unstubAllEnvs()
  rmSync(RUNTIME, { recursive: true, force: true })
})

const stage = usePlatform()

afterEach(() => {
  stage.platform.stripe.faults.clear()
})

const PASSWORD = 'a long enough passphrase'
const ADDRESS = { city: 'Berlin', postal_code: '10117', country: 'DE' }

/** Everything that is known of one person, each text nowhere else. */
function aPerson() {
  const id = crypto.randomUUID().slice(0, 8)
  return {
    name: `Zoë "Canary" ${id}`,
    email: `Canary+${id}@example.com`,
    street: `${id} Kanarienvogelstraße`,
    phone: `+4930${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`,
    note: `Ring for ${id} twice`,
    userAgent: `CanaryBrowser/${id}`,
    device: `device-${crypto.randomUUID()}`,
  }
}
type Person = ReturnType<typeof aPerson>

const request = (method: string, path: string, options: RequestOptions = {}) =>
  stage.shop.request(method, path, options)

/** The answer to a request that succeeds, now or once a busy machine has the time; with the same key it is made once. */
async function succeeded(method: string, path: string, options: RequestOptions = {}) {
  const headers = { 'idempotency-key': crypto.randomUUID(), ...options.headers }
  const { status, body } = await eventually(
    () => request(method, path, { ...options, headers }),
    (reply) => reply.status !== 503,
    20_000,
  )
  if (status >= 300) throw new Error(`Answered ${status}: ${JSON.stringify(body)}`)
  return body
}

async function signUp(person: Person): Promise<Account> {
  const headers = { 'user-agent': person.userAgent }
  const { email, name } = person
  const body = { email, name, password: PASSWORD, device_id: person.device }
  const registered = await succeeded('POST', '/api/users/register', { body, headers })
  const account = { email, password: PASSWORD, token: registered.token, refreshToken: registered.refresh_token }
  return { ...account, user: registered.user }
}

/** A new order of the person, with all that an order may have of them. */
async function order(person: Person, { token }: Account): Promise<OrderBody> {
  const product = await stage.shop.addProduct(stage.admin, { price: 25 })
  const address = { ...ADDRESS, name: person.name, line1: person.street, phone: person.phone }
  const body = {
    items: [{ product_id: product.id, quantity: 1 }],
    ...{ shipping_address: address, billing_address: address, note: person.note },
  }
  return (await succeeded('POST', '/api/orders', { token, body })).order
}

const pay = ({ token }: Account, { id }: OrderBody) =>
  succeeded('POST', '/api/payments', {
    token,
    body: { order_id: id, payment_method: 'pm_card_visa', save_payment_method: true },
  })
const ship = ({ id }: OrderBody) =>
  succeeded('PATCH', `/api/orders/${id}/status`, { token: stage.admin.token, body: { status: 'shipped' } })

/** The person does all that customers do. @returns their orders: shipped, refunded, abandoned, and one to be shipped */
async function live(person: Person, account: Account) {
  const { token } = account
  const { token: adminToken } = stage.admin
  const wrong = { email: person.email, password: `${PASSWORD}!`, device_id: person.device }
  expect((await request('POST', '/api/users/login', { body: wrong })).status).toBe(401)
  const verification = await mailedToken(stage.platform, { email: person.email, kind: 'verification' })
  await succeeded('POST', '/api/users/verification/confirm', { body: { token: verification } })
  await succeeded('PATCH', '/api/users/profile', { token, body: { phone: person.phone } })
  const address = { ...ADDRESS, name: person.name, line1: person.street, phone: person.phone }
  await succeeded('POST', '/api/users/addresses', { token, body: address })
  await succeeded('POST', '/api/users/password-reset', { body: { email: person.email } })
  const cart = await succeeded('POST', '/api/carts', { token, body: {} })
  const fields = { email: person.email, shipping_address: address, note: person.note }
  await succeeded('PATCH', `/api/carts/${cart.cart.id}`, { token, body: fields })
  const note = { text: `Moved to ${person.street}` }
  await succeeded('POST', `/api/users/${account.user.id}/notes`, { token: adminToken, body: note })
  const metadata = { called: person.phone }
  await succeeded('PATCH', `/api/users/${account.user.id}/metadata`, { token: adminToken, body: { metadata } })
  const shipped = await order(person, account)
  await pay(account, shipped)
  await stage.shop.orderBecomes(account, shipped.id, 'processing', 'paid')
  await ship(shipped)
  const refunded = await order(person, account)
  const { payment } = await pay(account, refunded)
  await stage.shop.orderBecomes(account, refunded.id, 'processing', 'paid')
  const key = { 'idempotency-key': crypto.randomUUID() }
  await succeeded('POST', `/api/payments/${payment.id}/refund`, {
    token: adminToken,
    headers: key,
    body: { reason: `Broken on the way to ${person.street}` },
  })
  await stage.shop.orderBecomes(account, refunded.id, 'processing', 'refunded')
  const cancelled = await order(person, account)
  await succeeded('PATCH', `/api/orders/${cancelled.id}/status`, { token, body: { status: 'cancelled' } })
  const open = await order(person, account)
  await pay(account, open)
  await stage.shop.orderBecomes(account, open.id, 'processing', 'paid')
  return { shipped, refunded, cancelled, open }
}

async function searchAll(search: ReturnType<typeof searcherFor>) {
  const [databases, redis] = await Promise.all([
    searchDatabases(stage.platform, search),
    searchRedis(stage.platform, search),
  ])
  return [...databases, ...redis, ...searchObjects(RUNTIME, search), ...searchLogs(stage.platform, search)]
}

/** Makes what is looked up again in an hour due now, and does it. */
async function sweepAgain() {
  for (const service of ['orders', 'payments'] as const) {
    const table = sql`${sql.identifier(service)}.erasures`
    await stage.platform.database.as(service).execute(sql`update ${table} set next_at = now() - interval '1 second'`)
  }
  await stage.platform.sweep()
}

/** Until what was found is what is expected: mails, webhooks and carts may take a moment. */
async function eventuallyFound(search: ReturnType<typeof searcherFor>, isExpected: (found: string[]) => boolean) {
  return eventually(
    async () => {
      await sweepAgain()
      return (await searchAll(search)).map(({ where, what }) => `${where}: ${what}`)
    },
    isExpected,
    90_000,
  )
}

describe('a customer who has done everything', () => {
  it('takes their data along, and is then erased from all databases, objects and caches', {
    timeout: 400_000,
  }, async () => {
    const person = aPerson()
    const account = await signUp(person)
    const { shipped, refunded, cancelled, open } = await live(person, account)
    const { token } = account

    const exported = await request('GET', '/api/users/me/export', { token })
    expect(exported.status).toBe(200)
    const document = exported.body as unknown as Record<string, never> & {
      orders: { items: OrderBody[]; more: boolean }
    }
    expect(document).toMatchObject({
      format_version: 1,
      account: { email: person.email, name: person.name, phone: person.phone, metadata: { called: person.phone } },
      addresses: [{ line1: person.street }],
      customer_groups: [],
      notes: { items: [{ text: `Moved to ${person.street}`, created_at: expect.any(String) }], more: false },
      carts: [{ email: person.email, note: person.note }],
      saved_payment_methods: [{ brand: 'visa', last4: '4242' }],
      refunds: [{ reason: `Broken on the way to ${person.street}` }],
      mail_suppression: null,
    })
    expect(document.orders).toMatchObject({ more: false, items: { length: 4 } })
    expect(JSON.stringify(document)).not.toMatch(/secret_|\$argon2|passphrase/)

    const search = searcherFor({ ...person, account: account.user.id })
    const before = (await searchAll(searcherFor(person))).map(({ where, what }) => `${where}: ${what}`)
    for (const place of [
      'users.users: email',
      'users.addresses: street',
      'users.customer_notes: street',
      'orders.orders: name',
      'orders.carts: email',
      'orders.order_events: street',
    ]) {
      expect(before).toContain(place)
    }
    expect(before.some((one) => one.startsWith('object') && one.endsWith('street'))).toBe(true)
    expect(before.filter((one) => one.startsWith('log') || one.startsWith('redis'))).toEqual([])
    expect(before.filter((one) => /^(?:payments|notifications|catalog)\./.test(one))).toEqual([
      'payments.refunds: street',
    ])

    expect((await request('DELETE', '/api/users/me', { token })).status).toBe(200)
    expect((await request('POST', '/api/carts', { token, body: {} })).status).toBe(401)
    const login = { email: person.email, password: PASSWORD }
    expect((await request('POST', '/api/users/login', { body: login })).status).toBe(401)

    // What has to be shipped keeps where to, and nothing else has anything.
    const left = await eventuallyFound(searcherFor(person), (found) =>
      found.every((one) => one.startsWith('orders.orders')),
    )
    expect(left.toSorted()).toEqual(['name', 'note', 'phone', 'street'].map((what) => `orders.orders: ${what}`))
    const kept = await Promise.all([shipped, refunded, cancelled].map(({ id }) => stage.shop.getOrder(stage.admin, id)))
    for (const [index, one] of [shipped, refunded, cancelled].entries()) {
      expect(kept[index]).toMatchObject({
        ...{
          id: one.id,
          total_amount: one.total_amount,
          items: one.items.map(({ id, quantity, total }) => ({ id, quantity, total })),
          user_id: account.user.id,
          email: null,
          note: null,
        },
        ...{ shipping_address: { country: 'DE', postal_code: '10117' }, billing_address: null },
      })
    }
    const written = await request('PATCH', `/api/orders/${refunded.id}`, {
      token: stage.admin.token,
      body: { metadata: { called: person.phone } },
    })
    expect([written.status, written.body.code]).toEqual([409, 'order_erased'])
    await ship(open)
    expect(await eventuallyFound(searcherFor(person), (found) => found.length === 0)).toEqual([])

    // Ids stay where amounts and history refer to them, and in nothing that names the person.
    const places = (await searchAll(search)).map(({ where }) => where.split(' ')[0])
    expect(places.filter((place) => /^(?:notifications|catalog)\./.test(place ?? ''))).toEqual([])
    const customers = await stage.platform.database
      .as('payments')
      .execute(sql`select 1 from payments.customers where user_id = ${account.user.id}`)
    expect(customers.rows).toEqual([])

    const again = await signUp({ ...person, device: crypto.randomUUID() })
    expect(again.user.id).not.toBe(account.user.id)
    expect((await request('GET', '/api/orders', { token: again.token })).body.orders).toEqual([])
    expect((await request('GET', '/api/payments/methods', { token: again.token })).body.payment_methods).toEqual([])
    expect((await request('GET', '/api/users/addresses', { token: again.token })).body.addresses).toEqual([])
  })
})

describe('an account', () => {
  it('is erased by an administrator, who may repeat the request', async () => {
    const { token } = stage.admin
    const account = await stage.shop.signUp()
    const path = `/api/users/${account.user.id}`
    expect((await request('DELETE', path, { token })).status).toBe(200)
    expect((await request('DELETE', path, { token })).status).toBe(200)
    expect((await request('GET', path, { token })).status).toBe(404)
    expect((await request('POST', '/api/users/logout-all', { token: account.token })).body.code).toBe('invalid_token')
  })

  it('is exported a few times an hour', async () => {
    const { token } = await stage.shop.signUp()
    const statuses: number[] = []
    for (let n = 0; n < 6; n += 1) statuses.push((await request('GET', '/api/users/me/export', { token })).status)
    expect(statuses).toEqual([200, 200, 200, 200, 200, 429])
  })

  it('is not exported in part while Stripe does not answer', async () => {
    const person = aPerson()
    const account = await signUp(person)
    await pay(account, await order(person, account))
    stage.platform.stripe.faults.add({ kind: 'cut_before', match: { path: /^\/v1\/customers/ }, times: 10 })
    const refused = await request('GET', '/api/users/me/export', { token: account.token })
    expect([refused.status, refused.body.code]).toEqual([503, 'service_unavailable'])
  })

  it('keeps being erased at Stripe until Stripe answers', async () => {
    const person = aPerson()
    const account = await signUp(person)
    const paid = await order(person, account)
    await pay(account, paid)
    await stage.shop.orderBecomes(account, paid.id, 'processing', 'paid')
    const customerId = async () => {
      const { rows } = await stage.platform.database
        .as('payments')
        .execute<{ id: string }>(
          sql`select stripe_customer_id as id from payments.customers where user_id = ${account.user.id}`,
        )
      return rows[0]?.id
    }
    expect(await customerId()).toBeDefined()
    stage.platform.stripe.faults.add({ kind: 'cut_before', match: { path: /^\/v1\/customers/ }, times: 100 })
    expect((await request('DELETE', '/api/users/me', { token: account.token })).status).toBe(200)
    await stage.platform.sweep()
    expect(await customerId()).toBeDefined()
    stage.platform.stripe.faults.clear()
    await eventually(
      async () => {
        await sweepAgain()
        return customerId()
      },
      (id) => id === undefined,
      10_000,
    )
  })
})
