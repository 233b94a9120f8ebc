import { request as openRequest } from 'node:http'
import { describe, expect, it } from 'vitest'
import { expectRefusal } from '../support/problems.ts'
import { streamed } from '../support/streamed-body.ts'
import { usePlatform } from '../support/use-platform.ts'
import { JSON_TYPE, useStaffRequests } from '../support/use-staff-requests.ts'

const stage = usePlatform()
const { send, sendJson, nextToken } = useStaffRequests(stage)

type Fields = Record<string, unknown>

/** Every operation with a body, and a valid body for it. */
const BODIES: [method: string, path: string, body: Fields][] = [
  ['POST', '/api/users/register', { email: 'a@example.com', password: 'a long enough passphrase', name: 'Ada' }],
  ['POST', '/api/users/login', { email: 'a@example.com', password: 'a long enough passphrase' }],
  ['POST', '/api/users/refresh', { refresh_token: 'a-refresh-token' }],
  ['POST', '/api/users/logout', { refresh_token: 'a-refresh-token' }],
  [
    'POST',
    '/api/products',
    { name: 'Mug', description: 'Blue', price: 1, currency: 'USD', category: 'c', image_url: 'https://x.example/a' },
  ],
  ['PUT', '/api/products/1', { name: 'Mug', description: 'Blue', category: 'c', image_url: 'https://x.example/a' }],
  ['PATCH', '/api/products/1', { brand: 'Ours', slug: 'mug', tax_category: 'a', shipping_class: 'b', status: 'draft' }],
  ['POST', '/api/products/1/variants', { sku: 'MUG-1', barcode: '4006381333931', price: 1 }],
  ['PATCH', '/api/products/1/variants/1', { sku: 'MUG-1', barcode: '4006381333931', inventory_policy: 'deny' }],
  ['POST', '/api/orders', { items: [{ product_id: 1, quantity: 1 }], shipping_address: '1 Main St' }],
  ['PATCH', '/api/orders/order_01jd4k2v9rf0fv8z3x1m5q7w2e/status', { status: 'cancelled' }],
  ['POST', '/api/payments', { order_id: 'order_01jd4k2v9rf0fv8z3x1m5q7w2e', payment_method: 'pm_card_visa' }],
]

const STRING_FIELDS = BODIES.flatMap(([method, path, body]) =>
  Object.entries(body).flatMap(([field, value]) =>
    typeof value === 'string' ? [[method, path, field, body] as const] : [],
  ),
)

describe('a body', () => {
  describe.each(BODIES)('of %s %s', (method, path, body) => {
    it.each(['{', '{"a":', '', 'null}', '{"a":1}{', "{'a':1}", '{"a":NaN}', '\u0000'])(
      'that is %j is refused',
      async (text) => {
        const refused = await expectRefusal(await sendJson(method, path, text))
        expect([400, 422]).toContain(refused.status)
      },
    )

    it.each(['null', '[]', '"text"', '1', 'true'])('that is %s, and not an object, is refused', async (text) => {
      const refused = await expectRefusal(await sendJson(method, path, text))
      expect([refused.status, refused.body.code]).toEqual([422, 'validation_failed'])
    })

    it('that is missing is refused', async () => {
      const refused = await expectRefusal(await send(method, path))
      expect([400, 415, 422]).toContain(refused.status)
    })

    it.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', 'application/xml'])(
      'of type %s is refused',
      async (type) => {
        const refused = await expectRefusal(
          await send(method, path, { headers: { 'content-type': type }, body: JSON.stringify(body) }),
        )
        expect([refused.status, refused.body.code]).toEqual([415, 'unsupported_media_type'])
      },
    )

    it('with an unknown field is refused, naming it', async () => {
      const refused = await expectRefusal(await sendJson(method, path, { ...body, is_admin: true }))
      expect(refused.body.errors).toEqual([{ field: 'is_admin', message: expect.any(String) }])
    })

    it.each(['constructor', 'toString', 'prototype'])('with a field named %s is refused', async (field) => {
      const text = JSON.stringify({ ...body, [field]: { role: 'admin' } })
      expect((await expectRefusal(await sendJson(method, path, text))).status).toBe(422)
    })

    it('nested very deeply is refused', async () => {
      const deep = `${'['.repeat(50_000)}${']'.repeat(50_000)}`
      const text = JSON.stringify({ ...body, deep: 0 }).replace('"deep":0', `"deep":${deep}`)
      await expectRefusal(await sendJson(method, path, text))
    })

    it('above 256 KiB is refused, with or without a Content-Length', async () => {
      const text = JSON.stringify({ ...body, padding: 'x'.repeat(300 * 1024) })
      const said = await expectRefusal(await sendJson(method, path, text))
      expect([said.status, said.body.code]).toEqual([413, 'body_too_large'])
      const unsaid = await expectRefusal(await send(method, path, { headers: JSON_TYPE, ...streamed(text) }))
      expect([unsaid.status, unsaid.body.code]).toEqual([413, 'body_too_large'])
    })
  })

  it.each(STRING_FIELDS)('%s %s with NUL or a lone surrogate in %s is refused', async (method, path, field, body) => {
    for (const unstorable of ['\u0000', 'a\u0000b', '\ud800', '\udc00x']) {
      await expectRefusal(await sendJson(method, path, { ...body, [field]: `${unstorable}${String(body[field])}` }))
    }
  })

  it('with address parts that cannot be stored is refused', async () => {
    const items = [{ product_id: 1, quantity: 1 }]
    const addresses = [
      { 'li\u0000ne': 'x' },
      { line1: 'x\u0000' },
      { line1: '\ud800' },
      {},
      { line1: { deep: 1 } },
      5,
      '',
    ]
    for (const shipping_address of addresses) {
      const response = await sendJson('POST', '/api/orders', { items, shipping_address })
      await expectRefusal(response)
    }
  })

  it.each([2 ** 31, 2 ** 53, 1e15, 1e300, -(2 ** 31)])(
    'with the whole number %d out of range is refused',
    async (number) => {
      const bodies = [
        ['/api/orders', { items: [{ product_id: 1, quantity: number }] }],
        ['/api/orders', { items: [{ product_id: number, quantity: 1 }] }],
        ['/api/products', { name: 'Mug', price: 1, stock_quantity: number }],
      ] as const
      for (const [path, body] of bodies) await expectRefusal(await sendJson('POST', path, body))
    },
  )

  it('cannot reach a prototype', async () => {
    const text = '{"email":"p@example.com","password":"a long enough passphrase","__proto__":{"role":"admin"}}'
    const response = await sendJson('POST', '/api/users/register', text)
    if (response.status === 201) {
      const { user } = (await response.json()) as { user: { role: string } }
      expect(user.role).toBe('customer')
    } else await expectRefusal(response)
  })

  it.each(['/api/inventory/rebuild', '/api/inventory/reconcile', '/api/payments/reconcile'])(
    'whose fields are all optional may be left out, as at %s',
    async (path) => {
      expect((await send('POST', path)).status).toBe(200)
      expect((await send('POST', path, { headers: JSON_TYPE })).status).toBe(200)
      expect((await send('POST', path, { body: '{}', headers: JSON_TYPE })).status).toBe(200)
      expect((await send('POST', path, streamed(''))).status).toBe(200)
      await expectRefusal(await send('POST', path, { body: 'null', headers: JSON_TYPE }))
      await expectRefusal(await send('POST', path, { body: '{}', headers: { 'content-type': 'text/plain' } }))
    },
  )

  it.each([{ 'content-length': 2 }, { 'transfer-encoding': 'chunked' }])(
    'of a GET is ignored, with %j',
    async (length) => {
      const statusOf = (path: string) =>
        new Promise<number | undefined>((resolve, reject) => {
          const headers = { ...JSON_TYPE, ...length, authorization: `Bearer ${nextToken()}` }
          openRequest(`${stage.platform.url}${path}`, { method: 'GET', headers }, (response) => {
            response.resume()
            resolve(response.statusCode)
          })
            .on('error', reject)
            .end('{}')
        })
      for (const path of ['/api/orders', '/api/products', '/openapi.json']) {
        expect([path, await statusOf(path)]).toEqual([path, 200])
      }
    },
  )
})
