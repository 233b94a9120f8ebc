import { LIMITS } from '@shop/contracts/limits'
import { newApiKey } from '@shop/kernel/api-key'
import { sha256Hex } from '@shop/kernel/hash'
import { ok } from '@shop/kernel/result'
import { describe, expect, it } from 'vitest'
import { mergeDocuments } from '../../src/docs/internal/merge-documents.ts'
import { OWN_OPERATIONS } from '../../src/docs/internal/own-operations.ts'
import { newKey, newToken, problemOf, usersRpc } from './fake-shop.ts'
import { limitedShop, policyOf } from './limited-shop.ts'

describe('the limit per user', () => {
  it('is not evaded by changing addresses', async () => {
    const { ask, key, as } = await limitedShop({ USER_LIMIT: 2 })
    const token = await newToken(key)
    const statuses = []
    for (const address of ['10.0.0.1', '10.0.0.2', '10.0.0.3']) {
      statuses.push((await ask('/api/orders', as(token, address))).status)
    }
    expect(statuses).toEqual([200, 200, 429])
  })

  it('counts for staff too, and sends Retry-After', async () => {
    const { ask, key, as, arrived } = await limitedShop({ USER_LIMIT: 0 })
    const response = await ask('/api/products', as(await newToken(key, { claims: { role: 'admin' } })))
    expect(response.headers.get('retry-after')).toBe('60')
    expect(response.headers.get('ratelimit')).toBe('"user";r=0')
    expect(policyOf(response)).toBe('"address";q=600;w=60, "user";q=600;w=60')
    expect(await problemOf(response)).toMatchObject({ status: 429, code: 'rate_limited', retry_after: 60 })
    expect(arrived).toEqual([])
  })

  it('cannot be used up with forged tokens', async () => {
    const { ask, counted, key, as } = await limitedShop()
    const forged = await newToken(await newKey(key.kid))
    const expired = await newToken(key, { claims: { exp: 1 } })
    for (const token of [forged, expired, 'nonsense']) expect((await ask('/api/orders', as(token))).status).toBe(401)
    expect(counted.USER_LIMIT).toEqual({})
    expect(counted.ADDRESS_LIMIT).toEqual({ '10.0.0.1': 3 })
  })

  it('does not apply where no caller is authenticated', async () => {
    const { ask, counted, key, as } = await limitedShop()
    await ask('/api/users/login', as(await newToken(key), '10.0.0.1', 'POST'))
    expect(counted.USER_LIMIT).toEqual({})
  })
})

describe('the limits of a publishable key', () => {
  const [one, other] = [1, 2].map((byte) => newApiKey('publishable', new Uint8Array(24).fill(byte)))
  const users = usersRpc({
    callerOfKey: async (hash) => {
      const storefrontKeyId = hash === (await sha256Hex(one ?? '')) ? 'key_1' : 'key_2'
      return ok({ kind: 'anonymous', storefrontKeyId } as const)
    },
  })
  const from = (address: string, key?: string, method = 'GET') => ({
    method,
    headers: { 'cf-connecting-ip': address, ...(key && { authorization: `Bearer ${key}` }) },
  })

  it('count each address at each key, and each key as a whole', async () => {
    const { ask, counted } = await limitedShop({}, users)
    for (const address of ['10.0.0.1', '10.0.0.1', '10.0.0.2']) await ask('/api/shop', from(address, one))
    const last = await ask('/api/shop', from('10.0.0.1', other))
    expect(counted.STOREFRONT_ADDRESS_LIMIT).toEqual({ 'key_1 10.0.0.1': 2, 'key_1 10.0.0.2': 1, 'key_2 10.0.0.1': 1 })
    expect(counted.STOREFRONT_LIMIT).toEqual({ key_1: 3, key_2: 1 })
    expect(policyOf(last)).toContain('"storefront-address";q=300;w=60, "storefront";q=30000;w=60')
  })

  it('do not let one address use up what the others have', async () => {
    const { ask, counted } = await limitedShop({ STOREFRONT_ADDRESS_LIMIT: 1 }, users)
    await ask('/api/shop', from('10.0.0.1', one))
    const refused = await ask('/api/shop', from('10.0.0.1', one))
    expect([refused.status, refused.headers.get('ratelimit')]).toEqual([429, '"storefront-address";r=0'])
    expect(counted.STOREFRONT_LIMIT).toEqual({ key_1: 1 })
    expect((await ask('/api/shop', from('10.0.0.2', one))).status).toBe(200)
  })

  it('count carts and orders apart from those of guests without a key, and of other keys', async () => {
    const { ask, counted } = await limitedShop({}, users)
    for (const key of [undefined, one, other]) {
      await ask('/api/carts', from('10.0.0.1', key, 'POST'))
      await ask('/api/orders', from('10.0.0.1', key, 'POST'))
    }
    const each = { '10.0.0.1': 1, 'key_1 10.0.0.1': 1, 'key_2 10.0.0.1': 1 }
    expect(counted.CART_ADDRESS_LIMIT).toEqual(each)
    expect(counted.CART_WRITE_ADDRESS_LIMIT).toEqual(each)
    expect(counted.ORDER_ADDRESS_LIMIT).toEqual(each)
  })

  it('do not count requests without a key', async () => {
    const { ask, counted } = await limitedShop({}, users)
    await ask('/api/shop', from('10.0.0.1'))
    expect([counted.STOREFRONT_ADDRESS_LIMIT, counted.STOREFRONT_LIMIT]).toEqual([{}, {}])
  })
})

describe('the API description', () => {
  const { info, paths, components } = mergeDocuments([OWN_OPERATIONS])

  it('names every limit', () => {
    for (const { name, quota } of Object.values(LIMITS)) expect(info.description).toContain(`\`${name}\`: ${quota} `)
  })

  it('declares the headers of each refusal', () => {
    expect(paths['/openapi.json']?.get).toMatchObject({
      responses: { 429: { headers: { 'Retry-After': { $ref: '#/components/headers/Retry-After' } } } },
    })
    expect(Object.keys(components.headers)).toEqual(['Retry-After', 'RateLimit-Policy', 'RateLimit'])
  })
})
