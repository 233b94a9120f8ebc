import type { RequestOptions } from '@shop/testing/client'
import { eventually } from '@shop/testing/eventually'
import type { OrderBody } from '@shop/testing/order-body'
import type { Account } from '@shop/testing/shop'
import { sql } from 'drizzle-orm'
import { expect } from 'vitest'
import { mailedToken } from './mailed-tokens.ts'
import type { Stage } from './use-platform.ts'

export const PASSWORD = 'a long enough passphrase'
const ADDRESS = { city: 'Berlin', postal_code: '10117', country: 'DE' }

/** Everything that is known of one person, each text nowhere else. */
export function aPerson() {
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
export type Person = ReturnType<typeof aPerson>

/** What people whose data is looked for later do in the shop. */
export function peopleOf(stage: Stage) {
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

  /** Makes what is looked up again in an hour due now, and does it. */
  async function sweepAgain() {
    for (const service of ['orders', 'payments'] as const) {
      const table = sql`${sql.identifier(service)}.erasures`
      await stage.platform.database.as(service).execute(sql`update ${table} set next_at = now() - interval '1 second'`)
    }
    await stage.platform.sweep()
  }

  return { request, signUp, order, pay, ship, live, sweepAgain }
}
