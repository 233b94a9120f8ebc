import { readFileSync } from 'node:fs'
import { describedOperations } from '@shop/testing/api-contract'
import type { Account } from '@shop/testing/shop'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { attack, filledPath } from '../support/attacks.ts'
import { newOwned } from '../support/owned.ts'
import { useAttackers } from '../support/use-attackers.ts'
import { useSharedPlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): who may set or read which field. */
const stage = useSharedPlatform()
const anAttacker = useAttackers(stage)
const MISSING = '01jd4k2v9rf0fv8z3x1m5q7w2e'

const as = (account: Account, method: string, path: string, body?: unknown, headers = {}) =>
  stage.shop.request(method, path, { token: account.token, headers, ...(body === undefined ? {} : { body }) })
const ANY_ADDRESS = { line1: '1 Main St', city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' }

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
