import type { RequestOptions } from '@shop/testing/client'
import { describe, expect, it } from 'vitest'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

async function newKey(body: object) {
  const created = await stage.shop.request('POST', '/api/api-keys', { token: stage.admin.token, body })
  expect(created.status).toBe(201)
  return created.body
}

const secret = (...scopes: string[]) => newKey({ kind: 'secret', name: 'Warehouse', scopes })
const as = (token: string, method: string, path: string, options: RequestOptions = {}) =>
  stage.shop.request(method, path, { token, ...options })
const newProduct = { name: 'Mug', price: 1 }

describe('a secret key', () => {
  it('does what its scopes allow, and nothing else', async () => {
    const { key } = await secret('products:write')
    expect((await as(key, 'POST', '/api/products', { body: newProduct })).status).toBe(201)
    expect((await as(key, 'GET', '/api/orders?scope=all')).status).toBe(403)
    expect((await as(key, 'GET', '/api/users/profile')).status).toBe(403)
    expect((await as(key, 'GET', '/api/products?status=draft')).status).toBe(403)
  })

  it('is shown once, and listed by how it begins', async () => {
    const { key, api_key } = await secret('orders:read')
    const listed = await as(stage.admin.token, 'GET', '/api/api-keys?limit=100')
    expect(listed.body.api_keys).toContainEqual(api_key)
    expect(key.startsWith(api_key.hint)).toBe(true)
    expect(JSON.stringify(listed.body)).not.toContain(key)
  })

  it('is in the audit log with what it wrote', async () => {
    const { key, api_key } = await secret('products:write')
    await as(key, 'POST', '/api/products', { body: newProduct })
    const audit = await as(stage.admin.token, 'GET', `/api/audit?actor_id=${api_key.id}`)
    expect(audit.body.audit_entries).toMatchObject([{ operation: 'createProduct', role: null, status: 201 }])
  })

  it('that is revoked writes nothing more, at once', async () => {
    const { key, api_key } = await secret('products:write')
    expect((await as(key, 'POST', '/api/products', { body: newProduct })).status).toBe(201)
    const revoked = await as(stage.admin.token, 'DELETE', `/api/api-keys/${api_key.id}`)
    expect(revoked.body.api_key.revoked_at).not.toBeNull()
    const refused = await as(key, 'POST', '/api/products', { body: newProduct })
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_token'])
  })

  it('that is revoked reads nothing more, in a minute at the latest', async () => {
    const { key, api_key } = await secret('orders:read')
    const unread = await secret('orders:read')
    expect((await as(key, 'GET', '/api/orders?scope=all')).status).toBe(200)
    for (const { id } of [api_key, unread.api_key]) await as(stage.admin.token, 'DELETE', `/api/api-keys/${id}`)
    // Nothing was remembered of it. What is remembered for a minute: workers/gateway/test/unit/api-keys.test.ts.
    expect((await as(unread.key, 'GET', '/api/orders?scope=all')).status).toBe(401)
    expect((await as(key, 'POST', '/api/products', { body: newProduct })).status).toBe(401)
    // The write has shown that it is gone.
    expect((await as(key, 'GET', '/api/orders?scope=all')).status).toBe(401)
  })

  it('that cannot be checked writes nothing: 503, and nothing is sent on; it reads on for a minute', async () => {
    const { key } = await secret('products:write', 'orders:read')
    expect((await as(key, 'GET', '/api/orders?scope=all')).status).toBe(200)
    const { faults } = stage.platform.database
    const match = { role: 'users_service', sql: '"users"."api_keys"' }
    faults.add({ kind: 'cut_before', match, times: Number.POSITIVE_INFINITY })
    const name = `Mug ${crypto.randomUUID()}`
    const refused = await as(key, 'POST', '/api/products', { body: { name, price: 1 } })
    const read = await as(key, 'GET', '/api/orders?scope=all')
    faults.clear()
    expect([refused.status, refused.body.code, read.status]).toEqual([503, 'service_unavailable', 200])
    expect(refused.headers.get('retry-after')).not.toBeNull()
    const search = `/api/products?search=${encodeURIComponent(name)}`
    const found = await as(stage.admin.token, 'GET', search)
    expect(found.body.products.map((product) => product.name)).not.toContain(name)
    expect((await as(key, 'POST', '/api/products', { body: { name, price: 1 } })).status).toBe(201)
  })

  it('is made once for an idempotency key, and a repeated request is answered with it', async () => {
    const body = { kind: 'secret', name: 'Warehouse', scopes: ['orders:read'] }
    const headers = { 'idempotency-key': crypto.randomUUID() }
    const make = () => as(stage.admin.token, 'POST', '/api/api-keys', { body, headers })
    const [first, again] = [await make(), await make()]
    expect(again.body).toEqual(first.body)
    expect([first, again].map((reply) => reply.headers.get('idempotency-replayed'))).toEqual([null, 'true'])
    expect((await as(again.body.key, 'GET', '/api/orders?scope=all')).status).toBe(200)
    expect(stage.platform.logs().join()).not.toContain(first.body.key)
  })

  it('that has expired is refused', async () => {
    const { key } = await newKey({
      ...{ kind: 'secret', name: 'Old', scopes: ['orders:read'] },
      expires_at: '2020-01-01T00:00:00Z',
    })
    expect((await as(key, 'GET', '/api/orders?scope=all')).body.code).toBe('invalid_token')
  })

  it('loses what its maker loses', async () => {
    const maker = await stage.shop.signUpAdmin()
    const body = { kind: 'secret', name: 'Refunds', scopes: ['products:write'] }
    const { key } = (await as(maker.token, 'POST', '/api/api-keys', { body })).body
    expect((await as(key, 'POST', '/api/products', { body: newProduct })).status).toBe(201)
    const path = `/api/users/${maker.user.id}/role`
    expect((await as(stage.admin.token, 'PATCH', path, { body: { role: 'finance' } })).status).toBe(200)
    expect((await as(key, 'POST', '/api/products', { body: newProduct })).status).toBe(403)
  })

  it.each(['staff:write', 'api_keys:write', 'customers:erase', 'everything'])(
    'cannot have the scope %s',
    async (scope) => {
      const body = { kind: 'secret', name: 'Too much', scopes: [scope] }
      expect((await as(stage.admin.token, 'POST', '/api/api-keys', { body })).status).toBe(422)
    },
  )
})

describe('a publishable key', () => {
  it('does what a guest may do: read, fill a cart, order', async () => {
    const { key } = await newKey({ kind: 'publishable', name: 'Storefront' })
    const product = await stage.shop.addProduct(stage.admin)
    expect((await as(key, 'GET', `/api/products/${product.id}`)).status).toBe(200)
    const items = [{ product_id: product.id, quantity: 1 }]
    const cart = await as(key, 'POST', '/api/carts', { body: { items } })
    expect([cart.status, typeof cart.body.cart_token]).toEqual([201, 'string'])
    const order = await as(key, 'POST', '/api/orders', { body: { items, email: 'guest@example.com' } })
    expect([order.status, typeof order.body.order_token]).toEqual([201, 'string'])
    expect((await as(key, 'GET', '/api/orders')).status).toBe(401)
    expect((await as(key, 'POST', '/api/products', { body: newProduct })).status).toBe(401)
  })

  it('has no scopes', async () => {
    const body = { kind: 'publishable', name: 'Storefront', scopes: ['orders:read'] }
    expect((await as(stage.admin.token, 'POST', '/api/api-keys', { body })).status).toBe(422)
  })
})
