import { describedOperations } from '@shop/testing/api-contract'
import { describe, expect, it } from 'vitest'
import { expectRefusal } from '../support/problems.ts'
import { useSharedPlatform } from '../support/use-platform.ts'
import { JSON_TYPE, useStaffRequests } from '../support/use-staff-requests.ts'

const stage = useSharedPlatform()
const { send } = useStaffRequests(stage)

/** Text fields in bodies, by operation. */
const READS = [
  (text: string) => `/api/products?search=${text}`,
  (text: string) => `/api/products?category=${text}`,
  (text: string) => `/api/products?cursor=${text}`,
  (text: string) => `/api/products?limit=${text}`,
  (text: string) => `/api/products?status=${text}`,
  (text: string) => `/api/products/by-slug/${text}`,
  (text: string) => `/api/variants?sku=${text}`,
  (text: string) => `/api/orders?cursor=${text}`,
  (text: string) => `/api/products/${text}`,
  (text: string) => `/api/orders/${text}`,
  (text: string) => `/api/payments/${text}`,
  (text: string) => `/api/payments/order/${text}`,
]

describe('a query', () => {
  const OPEN = ['/', '/health', '/health/ready']

  it('with an unknown parameter is refused by every operation, naming it', async () => {
    for (const { operationId, method, path } of describedOperations()) {
      const known = path.replace('{service}', 'orders').replaceAll(/\{\w+\}/g, '1')
      const body = method === 'GET' || method === 'DELETE' ? {} : { body: '{}', headers: JSON_TYPE }
      const response = await send(method, `${known}?utm_source=x`, body)
      if (OPEN.includes(path)) {
        expect([operationId, response.status]).toEqual([operationId, 200])
      } else {
        const { status, body } = await expectRefusal(response)
        const errors = body.errors as { field: string }[]
        expect([operationId, status]).toEqual([operationId, 422])
        expect(errors.map(({ field }) => field)).toContain('utm_source')
      }
    }
  })

  it('with an unknown parameter is refused when the answer without it is cached', async () => {
    expect((await fetch(`${stage.platform.url}/api/products?limit=1`)).status).toBe(200)
    const refused = await expectRefusal(await fetch(`${stage.platform.url}/api/products?limit=1&utm_source=x`))
    expect([refused.status, refused.body.errors]).toMatchObject([422, [{ field: 'utm_source' }]])
  })

  it('with an empty search or category lists everything', async () => {
    const all = await (await send('GET', '/api/products?limit=3')).json()
    for (const query of ['search=&limit=3', 'category=&limit=3', 'limit=3&search&category=']) {
      const response = await send('GET', `/api/products?${query}`)
      expect([query, response.status, await response.json()]).toEqual([query, 200, all])
    }
  })
})

describe('a URL', () => {
  it.each(['//api/products?limit=1', '/api//products?limit=1', '///api/products//?limit=1', '//health'])(
    '%s is understood as if it had single slashes',
    async (path) => {
      const response = await send('GET', path)
      expect([response.status, response.headers.get('location')]).toEqual([200, null])
    },
  )

  it('with a host in its path leads nowhere', async () => {
    const refused = await expectRefusal(await send('GET', '//evil.example.com/api/products'))
    expect([refused.status, refused.headers.get('location')]).toEqual([404, null])
  })

  it.each(['%00', 'a%00b', '%zz', '%', '%ED%A0%80', '%FF', '%C3'])('with %s in it is refused', async (text) => {
    for (const urlOf of READS) {
      const refused = await expectRefusal(await send('GET', urlOf(text)))
      expect(refused.status, urlOf(text)).toBe(400)
    }
  })

  it.each(["'", '%27%20or%201=1--', '%2e%2e%2f', '%F0%9F%98%80', '%0d%0a', '-1', '1e9', '9'.repeat(30)])(
    'with %s in it never causes a server error',
    async (text) => {
      for (const urlOf of READS) {
        const response = await send('GET', urlOf(text))
        if (response.status !== 200) await expectRefusal(response)
      }
    },
  )

  it.each([9_000, 60_000])('of %d characters is refused', async (length) => {
    const response = await send('GET', `/api/products?search=${'x'.repeat(length)}`)
    expect([400, 414, 431]).toContain(response.status)
  })

  it.each(['/nothing', '/api', '/api/nothing', '/api/usersets', '/api/orders/x/y/z', '/api/webhooks/paypal', '/admin'])(
    '%s leads nowhere',
    async (path) => {
      const refused = await expectRefusal(await send('GET', path))
      expect([refused.status, refused.body.code]).toEqual([404, 'route_not_found'])
    },
  )

  it.each([
    ['DELETE', '/api/products', 'GET, POST'],
    ['POST', '/api/products/1', 'DELETE, GET, PATCH, PUT'],
    ['GET', '/api/products/1/variants/1', 'DELETE, PATCH'],
    ['PUT', '/api/products/1/variants', 'POST'],
    ['POST', '/api/variants', 'GET'],
    ['DELETE', '/api/products/by-slug/mug', 'GET'],
    ['PUT', '/api/orders', 'GET, POST'],
    ['DELETE', '/api/orders/order_1', 'GET, PATCH'],
    ['GET', '/api/users/password-reset/confirm', 'POST'],
    ['GET', '/api/payments', 'POST'],
    ['GET', '/api/webhooks/stripe', 'POST'],
    ['POST', '/health', 'GET, HEAD'],
    ['DELETE', '/docs', 'GET, HEAD'],
  ])('does not take %s %s, and says what it takes', async (method, path, allowed) => {
    const refused = await expectRefusal(await send(method, path))
    expect([refused.status, refused.body.code]).toEqual([405, 'method_not_allowed'])
    expect(refused.headers.get('allow')).toBe(allowed)
  })
})
