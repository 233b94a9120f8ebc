import type { Fault as NeonFault } from '@shop/neon-emulator/faults'
import { eventually } from '@shop/testing/eventually'
import { deliverWebhook, intentEvent } from '@shop/testing/webhook'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recover } from './support/recovery.ts'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
afterAll(() => recover(stage))

/**
 * Stands for text that people send, which Postgres quotes in its errors. Lower case, as e-mail addresses are stored.
 */
const CANARY = 'c4n4ry'
const VALUE = `${CANARY}-${crypto.randomUUID()}`

let calls: (() => Promise<{ status: number }>)[]

beforeAll(async () => {
  const { shop, admin, customer } = stage
  const { token } = customer
  const product = await shop.addProduct(admin)
  const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
  const credentials = { email: `${VALUE}@example.com`, password: customer.password }
  const post = (path: string, body: unknown, as?: string) => () => shop.request('POST', path, { token: as, body })
  const get = (path: string, as?: string) => () => shop.request('GET', path, { token: as })
  calls = [
    post('/api/users/register', { ...credentials, name: VALUE }),
    post('/api/users/login', credentials),
    post('/api/users/refresh', { refresh_token: VALUE }),
    post('/api/users/logout', { refresh_token: VALUE }),
    get('/api/users/profile', token),
    post('/api/users/password-reset', { email: credentials.email }),
    post('/api/users/password-reset/confirm', { token: VALUE, new_password: `${VALUE} as a passphrase` }),
    post('/api/users/email', { new_email: credentials.email, password: VALUE }, token),
    post('/api/users/email/confirm', { token: VALUE }, token),
    post('/api/users/verification/confirm', { token: VALUE }),
    post('/api/users/login/factor', { mfa_token: VALUE, recovery_code: VALUE }),
    post('/api/users/factors/totp', { name: VALUE }, token),
    post('/api/users/factors/factor_none/confirm', { code: '123456' }, token),
    post('/api/users/invitations', { email: credentials.email, role: 'support' }, admin.token),
    post('/api/users/invitations/accept', { token: VALUE, name: VALUE, password: `${VALUE} as a passphrase` }),
    () =>
      shop.request('POST', '/api/api-keys', {
        token: admin.token,
        headers: { 'idempotency-key': VALUE },
        body: { kind: 'secret', name: VALUE, scopes: ['orders:read'] },
      }),
    get(`/api/users?search=${VALUE}`, admin.token),
    get(`/api/audit?resource_id=${VALUE}`, admin.token),
    post('/api/users/addresses', { line1: VALUE, city: VALUE, postal_code: '10117', country: 'DE' }, token),
    () => shop.request('PATCH', '/api/users/profile', { token, body: { name: VALUE } }),
    get(`/api/products?search=${VALUE}`, admin.token),
    get(`/api/products?category=${VALUE}`),
    post('/api/products', { name: VALUE, price: 1, stock_quantity: 5 }, admin.token),
    () => shop.request('PUT', `/api/products/${product.id}`, { token: admin.token, body: { name: VALUE } }),
    () =>
      shop.request('POST', '/api/orders', {
        token,
        headers: { 'idempotency-key': VALUE },
        body: { items: [{ product_id: product.id, quantity: 1 }], shipping_address: `1 ${VALUE} Street` },
      }),
    post(
      '/api/orders',
      { items: [{ product_id: product.id, quantity: 1 }], shipping_address: { line1: VALUE } },
      token,
    ),
    () =>
      shop.request('POST', '/api/payments', {
        token,
        headers: { 'idempotency-key': VALUE },
        body: { order_id: order.id },
      }),
    get(`/api/payments/order/${order.id}`, token),
    () =>
      deliverWebhook(
        shop,
        intentEvent('succeeded', { id: 'pi_unknown', object: 'payment_intent', metadata: { name: VALUE } }),
      ),
  ]
})

const FAULTS: [name: string, fault: NeonFault][] = [
  ['refused for a value (22P02)', { kind: 'status', status: 400, code: '22P02' }],
  ['refused by a constraint (23514)', { kind: 'status', status: 400, code: '23514' }],
  ['refused as unknown (42703)', { kind: 'status', status: 400, code: '42703' }],
  ['rolled back (40001)', { kind: 'status', status: 400, code: '40001' }],
  ['ended with its backend (57P01)', { kind: 'status', status: 400, code: '57P01' }],
  ['answered 500', { kind: 'status', status: 500 }],
  ['answered with a page', { kind: 'status', status: 200, body: `<html>${VALUE}</html>` }],
  ['cut off', { kind: 'cut_after' }],
]

describe('a card number that is sent as a payment method', () => {
  const NUMBERS = ['4000056655665556', '4000 0566 5566 5556', '4000-0566-5566-5556', 'pm_4000056655665556']

  it('is neither answered, logged nor stored', async () => {
    const { shop, customer, admin, platform } = stage
    const before = platform.logs().length
    const product = await shop.addProduct(admin)
    const { order } = (await shop.placeOrder(customer, [[product, 1]])).body
    const options = { token: customer.token, headers: { 'idempotency-key': crypto.randomUUID() } }
    for (const number of NUMBERS) {
      for (const name of ['payment_method', 'payment_method_id']) {
        const refused = await shop.request('POST', '/api/payments', {
          ...options,
          body: { order_id: order.id, [name]: number },
        })
        expect([refused.status, JSON.stringify(refused.body).includes(number)]).toEqual([422, false])
      }
      const path = `/api/payments/methods/${encodeURIComponent(number)}`
      expect((await shop.request('DELETE', path, { token: customer.token })).status).toBe(404)
      await shop.request('GET', `/api/payments/nowhere/${encodeURIComponent(number)}`, { token: customer.token })
    }
    await platform.sweep()
    const logged = platform.logs().slice(before)
    expect(logged.filter((line) => line.includes('"event":"request"'))).not.toEqual([])
    expect(logged.filter((line) => /4000(?:%20|\D)?0566(?:%20|\D)?5566/.test(line))).toEqual([])
    const tables = ['payments', 'idempotency_keys', 'events', 'stripe_events', 'refunds'].map((table) =>
      platform.database
        .as('payments')
        .execute(sql`select 1 from payments.${sql.identifier(table)} t where t::text ~ '4000.?0566.?5566'`),
    )
    expect((await Promise.all(tables)).flatMap(({ rows }) => rows)).toEqual([])
  })
})

describe('the log of the whole platform', () => {
  /** Which statements of a call fail, one each time it is sent. The first three take turns among calls and faults. */
  const failingOf = (turn: number) => (process.env.LONG ? [0, 1, 2] : [turn % 3])

  it.each(FAULTS)('contains no parameter of a statement that is %s', async (name, fault) => {
    const { database, logs, sweep } = stage.platform
    const before = logs().length
    const turnOfFault = FAULTS.findIndex(([other]) => other === name)
    for (const [turn, call] of calls.entries()) {
      for (const skip of failingOf(turn + turnOfFault)) {
        const message = `invalid input syntax: "${VALUE}"`
        const always = database.faults.add({ message, ...fault, skip, times: Number.POSITIVE_INFINITY } as NeonFault)
        await call()
        always.remove()
      }
    }
    const always = database.faults.add({ ...fault, times: Number.POSITIVE_INFINITY })
    await sweep()
    always.remove()
    const written = await eventually(
      async () => logs().slice(before),
      (lines) => lines.some((line) => line.includes('"level":"error"')),
      5_000,
    )
    expect(written.filter((line) => line.includes(CANARY))).toEqual([])
    expect(written.filter((line) => /params:/.test(line))).toEqual([])
  })
})
