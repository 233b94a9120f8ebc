import { describe, expect, it } from 'vitest'
import { aShop } from '../../support/app.ts'
import { CUSTOMER, STAFF } from '../../support/catalog.ts'

const TEE = {
  name: 'Tee',
  options: [{ name: 'size', values: ['S', 'M', 'L'] }],
  variants: [{ options: { size: 'S' }, price: 20 }],
}

const CREATIONS = [
  [
    'product',
    '/api/products',
    { name: 'Mug', slug: 'mug', variants: [{ sku: 'MUG', price: 9 }] },
    { name: 'Cup', price: 8 },
  ],
  [
    'variant',
    '/api/products/1/variants',
    { sku: 'TEE-M', options: { size: 'M' }, price: 21 },
    { options: { size: 'L' }, price: 22 },
  ],
  ['category', '/api/categories', { name: 'Kitchen', slug: 'kitchen' }, { name: 'Garden' }],
  ['collection', '/api/collections', { name: 'Summer', slug: 'summer' }, { name: 'Winter' }],
  [
    'attribute',
    '/api/attributes',
    { key: 'material', label: 'Material', type: 'text' },
    { key: 'color', label: 'Colour', type: 'text' },
  ],
] as const

describe.each(CREATIONS)('creating a %s with an Idempotency-Key', (name, path, body, other) => {
  const keyed = (key: string) => ({ 'idempotency-key': key })
  /** A shop with what the path names. */
  const shopOf = async () => {
    const shop = aShop()
    if (name === 'variant') await shop.call(STAFF, 'POST', '/api/products', TEE)
    return shop
  }

  it('creates one, and answers a repeated request with it', async () => {
    const { call, send } = await shopOf()
    const first = await call(STAFF, 'POST', path, body, keyed('k1'))
    expect(first.status).toBe(201)
    const again = await send(STAFF, 'POST', path, { body, headers: keyed('k1') })
    expect([again.status, again.headers.get('idempotency-replayed')]).toEqual([201, 'true'])
    expect(await again.json()).toEqual(first.body)
  })

  it('refuses the key with another body', async () => {
    const { call } = await shopOf()
    await call(STAFF, 'POST', path, body, keyed('k1'))
    expect(await call(STAFF, 'POST', path, other, keyed('k1'))).toMatchObject({
      status: 422,
      body: { code: 'idempotency_key_reused' },
    })
  })

  it('says that what it created was deleted since', async () => {
    const { call } = await shopOf()
    await call(STAFF, 'POST', path, body, keyed('k1'))
    expect((await call(STAFF, 'DELETE', `${path}/${name === 'variant' ? 2 : 1}`)).status).toBe(200)
    expect(await call(STAFF, 'POST', path, body, keyed('k1'))).toMatchObject({
      status: 409,
      body: { code: 'created_and_deleted' },
    })
  })

  it('keeps the keys of different members of staff apart, and stores none for a refused request', async () => {
    const { call } = await shopOf()
    expect((await call(CUSTOMER, 'POST', path, body, keyed('k1'))).status).toBe(403)
    expect((await call(STAFF, 'POST', path, { ...body, nonsense: 1 }, keyed('k1'))).status).toBe(422)
    expect((await call(STAFF, 'POST', path, body, keyed('k1'))).status).toBe(201)
    const colleague = { kind: 'user', userId: 'user_colleague', role: 'admin' } as const
    expect((await call(colleague, 'POST', path, other, keyed('k1'))).status).toBe(201)
  })
})
