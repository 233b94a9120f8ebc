import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { eventually } from '@shop/testing/eventually'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attack, rawExchange, rawRequest } from '../support/attacks.ts'
import { resigned } from '../support/forgeries.ts'
import { useSharedPlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): whom the shop calls. */
const stage = useSharedPlatform()
const send = (method: string, path: string, init: RequestInit = {}) => attack(stage.platform.url, method, path, init)
const withToken = (token: string, headers = {}) => ({ headers: { authorization: `Bearer ${token}`, ...headers } })

describe('API7:2023 Server side request forgery', () => {
  /** A server that nothing of the shop should ever call. */
  let inside: Server
  let calls: string[]
  let url: string
  beforeAll(async () => {
    calls = []
    inside = createServer((request, response) => {
      calls.push(request.url ?? '')
      response.end('{}')
    })
    await new Promise<void>((resolve) => inside.listen(0, '127.0.0.1', resolve))
    url = `http://127.0.0.1:${(inside.address() as AddressInfo).port}`
  })
  afterAll(() => new Promise((resolve) => inside.close(resolve)))

  it.each([
    'file:///etc/passwd',
    'javascript:alert(1)',
    'data:text/html,x',
    'gopher://127.0.0.1:6379/_FLUSHALL',
    'ftp://x.example/a',
    '//x.example/a',
    'https://',
  ])('a product has no image at %s', async (image_url) => {
    const body = { name: 'Mug', price: 1, image_url }
    const refused = await stage.shop.request('POST', '/api/products', { token: stage.admin.token, body })
    expect([refused.status, refused.body.errors?.map(({ field }) => field)]).toEqual([422, ['image_url']])
  })

  it('no address that a client names is called: not of an image, a note, a header or a name', async () => {
    const { shop, admin, customer } = stage
    const product = await shop.addProduct(admin, { image_url: `${url}/image` })
    const body = {
      items: [{ product_id: product.id, quantity: 1 }],
      note: `${url}/note`,
      shipping_address: {
        line1: `${url}/line`,
        city: 'Springfield',
        region: 'IL',
        postal_code: '62701',
        country: 'US',
      },
    }
    const headers = { referer: `${url}/referer`, origin: url, 'x-forwarded-host': url, forwarded: `host=${url}` }
    const placed = await shop.request('POST', '/api/orders', { token: customer.token, body, headers })
    await shop.request('PATCH', '/api/users/profile', { token: customer.token, body: { name: `${url}/name` } })
    await shop.pay(customer, placed.body.order, 'pm_card_visa')
    await shop.orderBecomes(customer, placed.body.order.id, 'processing', 'paid')
    await shop.request('GET', `/api/products/${product.id}`, { headers })
    await eventually(
      async () => {
        await stage.platform.sweep()
        return stage.platform.mail.mails({ to: customer.email }).length
      },
      (mails) => mails > 1,
      25_000,
    )
    expect(calls).toEqual([])
  })

  it.each(['jku', 'x5u'])('a token that says where its key is (%s) makes nobody fetch it', async (member) => {
    const forged = resigned(stage.platform.signingKeys, stage.customer.token, { [member]: `${url}/keys.json` }, {})
    expect((await send('GET', '/api/users/profile', withToken(forged))).status).toBe(401)
    expect(calls).toEqual([])
  })

  it('the gateway is no proxy: a request for another host is not passed on', async () => {
    const { host } = new URL(url)
    const answers = [
      await rawExchange(stage.platform.url, [`GET ${url}/proxied HTTP/1.1`, `host: ${host}`, 'connection: close']),
      await rawExchange(stage.platform.url, [`CONNECT ${host} HTTP/1.1`, `host: ${host}`, 'connection: close']),
    ]
    for (const answer of answers) expect(answer).not.toMatch(/^HTTP\/1\.1 200/)
    expect((await rawRequest(stage.platform.url, 'GET', '/api/products?limit=1', { host })).status).toBeLessThan(500)
    expect(calls).toEqual([])
  })

  it.each(["{% include 'x' %}", "{% render 'x' %}", "{% layout 'x' %}"])(
    'a template of the staff loads no other: %s',
    async (tag) => {
      const body = { subject: 'x', text: 'x', html: tag.replace("'x'", `'${url}/template'`) }
      const path = '/api/email-templates/order_confirmed'
      expect((await stage.shop.request('PUT', path, { token: stage.admin.token, body })).status).toBe(422)
      expect(calls).toEqual([])
    },
  )
})
