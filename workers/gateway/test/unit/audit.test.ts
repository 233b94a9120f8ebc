import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import type { AuditedWrite } from '@shop/contracts/users/rpc'
import { newApiKey } from '@shop/kernel/api-key'
import type { Caller } from '@shop/kernel/caller'
import { fail, ok } from '@shop/kernel/result'
import { beforeAll, describe, expect, it } from 'vitest'
import { auditedWrite } from '../../src/audit/domain/audited-write.ts'
import { createdIdIn } from '../../src/audit/domain/created-id.ts'
import { WRITES } from '../../src/audit/domain/writes.ts'
import { fakeShop, newKey, newToken, type SigningKey, USER_ID, usersRpc } from './fake-shop.ts'

const OPENAPI = fileURLToPath(new URL('../../../../openapi.json', import.meta.url).href)

let key: SigningKey
beforeAll(async () => {
  key = await newKey()
})

/** The gateway with an audit log, which can fail. */
function shop({ isDown = false, losesOutcomes = false, overrides = {} } = {}) {
  const writes: AuditedWrite[] = []
  const outcomes: unknown[] = []
  const users = usersRpc({
    callerOfKey: async () => ok({ kind: 'key', keyId: 'key_1', scopes: ['orders:write'] }),
    auditWrite: async (write) => {
      if (isDown) return fail({ code: 'service_unavailable' })
      writes.push(write)
      return ok('audit_1')
    },
    auditOutcome: async (outcome) => {
      if (losesOutcomes) return fail({ code: 'service_unavailable' })
      outcomes.push(outcome)
      return ok()
    },
  })
  return { ...fakeShop({ keys: [key.publicJwk], users, overrides }), writes, outcomes }
}

async function sent(method: string, role: string): Promise<RequestInit> {
  return { method, headers: { authorization: `Bearer ${await newToken(key, { claims: { role } })}` } }
}

const PATH = '/api/payments/pay_01jd4k2v9rf0fv8z3x1m5q7w2e/refund'

describe('a write of staff', () => {
  it('is written down before it is sent on, and then how it was answered', async () => {
    const { ask, arrived, writes, outcomes } = shop()
    const response = await ask(PATH, await sent('POST', 'finance'))
    expect(response.status).toBe(200)
    expect(writes).toEqual([
      {
        ...{ actorId: USER_ID, role: 'finance', method: 'POST', operation: 'refundPayment' },
        ...{ path: '/api/payments/{id}/refund', resourceId: 'pay_01jd4k2v9rf0fv8z3x1m5q7w2e' },
        requestId: arrived[0]?.headers.get('x-request-id'),
      },
    ])
    expect(outcomes).toEqual([{ id: 'audit_1', status: 200, createdId: null }])
  })

  it('is refused when it cannot be written down', async () => {
    const { ask, arrived } = shop({ isDown: true })
    expect((await ask(PATH, await sent('POST', 'finance'))).status).toBe(503)
    expect(arrived).toEqual([])
  })

  it('is answered even where its outcome cannot be written down', async () => {
    const { ask, writes } = shop({ losesOutcomes: true })
    expect((await ask(PATH, await sent('POST', 'finance'))).status).toBe(200)
    expect(writes).toHaveLength(1)
  })

  it('has no outcome where its answer was lost', async () => {
    const down = { fetch: () => Promise.reject(new Error('gone')), sweep: async () => ({}) }
    const { ask, writes, outcomes } = shop({ overrides: { PAYMENTS: down } })
    expect((await ask(PATH, await sent('POST', 'finance'))).status).toBeGreaterThanOrEqual(500)
    expect([writes.length, outcomes.length]).toEqual([1, 0])
  })

  it('of an API key is written down with the key', async () => {
    const { ask, writes } = shop()
    const authorization = `Bearer ${newApiKey('secret', new Uint8Array(24))}`
    await ask('/api/orders/order_1', { method: 'PATCH', headers: { authorization } })
    expect(writes).toMatchObject([{ actorId: 'key_1', role: null, operation: 'updateOrder', resourceId: 'order_1' }])
  })

  it.each([
    ['reads of staff', 'GET', 'finance'],
    ['writes of customers', 'POST', 'customer'],
  ])('is not confused with %s', async (_, method, role) => {
    const { ask, arrived, writes } = shop()
    await ask('/api/orders', await sent(method, role))
    expect([arrived.length, writes.length]).toEqual([1, 0])
  })
})

describe('the record of a write', () => {
  const admin: Caller = { kind: 'user', userId: 'user_1', role: 'admin' }
  const recordOf = (method: string, path: string) => auditedWrite(admin, { method, path, requestId: 'r' })

  it.each([
    ['POST', '/api/products', 'createProduct', null],
    ['POST', '/api/products/', 'createProduct', null],
    ['POST', '/api/products/bulk', 'createProducts', null],
    ['DELETE', '/api/products/12/variants/34', 'deleteVariant', '34'],
    ['PUT', '/api/tax/countries/DE', 'setTaxCountry', 'DE'],
  ])('%s %s names the operation and what it is about', (method, path, operation, resourceId) => {
    expect(recordOf(method, path)).toMatchObject({ operation, resourceId })
  })

  it.each(['/api/products/ada@example.com', `/api/products/${'1'.repeat(101)}`, '/api/products/%41da'])(
    'keeps nothing of the path %s that is no id',
    (path) => {
      expect(recordOf('DELETE', path)).toMatchObject({ operation: 'deleteProduct', resourceId: null })
    },
  )

  it('has no operation where the API describes none', () => {
    expect(recordOf('POST', '/api/products/1/steal')).toMatchObject({ operation: null, path: null, resourceId: null })
    expect(recordOf('PURGE', '/api/products')).toMatchObject({ method: 'PURGE', operation: null })
  })

  it.each([
    ['a resource under its own key', { product: { id: 12, name: 'Mug' }, message: 'Product created' }, '12'],
    ['a resource and a secret', { api_key: { id: 'key_1' }, key: 'shop_sk_secret' }, 'key_1'],
    ['no resource', { codes: [{ id: 1 }], count: 1 }, null],
    ['two resources', { order: { id: 'order_1' }, payment: { id: 'pay_1' } }, null],
    ['a text that is no id', { user: { id: 'ada@example.com' } }, null],
    ['null', null, null],
  ])('has the id of what was created: by an answer with %s', (_, body, id) => {
    expect(createdIdIn(JSON.stringify(body))).toBe(id)
  })

  it('has no id for an answer that broke off', () => {
    expect(createdIdIn('{"product":{"id":1')).toBeNull()
  })

  it('has one for every creation, but for codes, which are many, tickets, which are secret, and exchanges, whose return is in the path', () => {
    const document = JSON.parse(readFileSync(OPENAPI, 'utf8'))
    type Schema = { $ref?: string; properties?: Record<string, Schema> }
    const resolved = (schema: Schema): Schema =>
      schema.$ref === undefined ? schema : resolved(document.components.schemas[schema.$ref.split('/').at(-1) ?? ''])
    const isResource = (schema: Schema) => resolved(schema).properties?.id !== undefined
    const operations = Object.values<Record<string, object>>(document.paths).flatMap((methods) =>
      Object.values(methods),
    )
    const without = operations.flatMap((operation) => {
      const { operationId, responses } = operation as { operationId: string; responses: Record<string, Created> }
      const schema = responses['201']?.content['application/json'].schema
      const members = schema === undefined ? [] : Object.values(resolved(schema).properties ?? {})
      return schema === undefined || members.filter(isResource).length === 1 ? [] : [operationId]
    })
    type Created = { content: { 'application/json': { schema: Schema } } }
    expect(without.toSorted()).toEqual([
      ...['createLiveTicket', 'createPromotionCodes', 'exchangeReturn', 'replaceRecoveryCodes'],
    ])
  })

  it('knows every write of the API', () => {
    const { paths } = JSON.parse(readFileSync(OPENAPI, 'utf8'))
    const described = Object.entries<Record<string, { operationId: string }>>(paths).flatMap(([path, methods]) =>
      Object.entries(methods)
        .filter(([method]) => method !== 'get')
        .map(([method, { operationId }]) => [method.toUpperCase(), path, operationId]),
    )
    // `npm run openapi` writes both.
    expect(WRITES).toEqual(described)
  })
})
