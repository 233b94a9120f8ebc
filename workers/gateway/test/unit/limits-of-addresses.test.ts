import { describe, expect, it } from 'vitest'
import { fakeShop } from './fake-shop.ts'
import { limitedShop, policyOf } from './limited-shop.ts'

describe('the limit per address', () => {
  const from = (address: string) => ({ headers: { 'cf-connecting-ip': address } })

  it('counts IPv6 by /64 and by /48, and passes the /48 to the worker, whose limits are exact', async () => {
    const { ask, arrived, counted } = await limitedShop()
    for (const address of ['2001:db8:1:2::1', '2001:db8:1:2::2', '2001:db8:1:3::1']) {
      const response = await ask('/api/products/1', { method: 'PUT', ...from(address) })
      expect(policyOf(response)).toBe('"address";q=600;w=60, "network";q=1200;w=60')
    }
    expect(counted.ADDRESS_LIMIT).toEqual({ '2001:db8:1:2::/64': 2, '2001:db8:1:3::/64': 1 })
    expect(counted.NETWORK_LIMIT).toEqual({ '2001:db8:1::/48': 3 })
    expect(arrived.map(({ headers }) => headers.get('x-shop-address'))).toEqual(Array(3).fill('2001:db8:1::/48'))
  })

  it('is not evaded by the 65,536 networks of a /48', async () => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 600, NETWORK_LIMIT: 3 })
    const statuses = []
    for (const network of ['1', '2', '3', '4']) {
      statuses.push((await ask('/nowhere', from(`2001:db8:1:${network}::1`))).status)
    }
    expect(statuses).toEqual([404, 404, 404, 429])
    expect((await ask('/nowhere', from('2001:db8:2:1::1'))).status).toBe(404)
    expect(counted.NETWORK_LIMIT).toEqual({ '2001:db8:1::/48': 4, '2001:db8:2::/48': 1 })
  })

  it('does not let one address of a /48 use up what its neighbours have', async () => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 1 })
    for (const _ of [1, 2, 3]) await ask('/nowhere', from('2001:db8:1:2::1'))
    expect(counted.NETWORK_LIMIT).toEqual({ '2001:db8:1::/48': 1 })
  })

  it('counts an IPv4 address that is written as IPv6 as that address', async () => {
    const { ask, counted, arrived } = await limitedShop()
    await ask('/api/orders', from('::ffff:10.0.0.1'))
    expect([counted.ADDRESS_LIMIT, counted.NETWORK_LIMIT]).toEqual([{ '10.0.0.1': 1 }, {}])
    expect(arrived[0]?.headers.get('x-shop-address')).toBe('10.0.0.1')
  })

  it.each([
    ['/health/ready', 'GET'],
    ['/api/products/%zz', 'GET'],
    [`/${'a'.repeat(9_000)}`, 'GET'],
    ['/nowhere', 'GET'],
    ['/health/ready', 'POST'],
    ['/api/webhooks/paypal', 'POST'],
    ['/api/webhooks/stripe/x', 'POST'],
    ['/api/webhooks/stripe', 'GET'],
    ['/api/webhooks/stripe', 'POST'],
    ['https://shop.example.com//api/webhooks/paypal', 'POST'],
  ])('counts %s with %s, whatever comes of it', async (path, method) => {
    const { ask, counted, arrived } = await limitedShop({ ADDRESS_LIMIT: 0 })
    const response = await ask(path, { method, headers: { 'cf-connecting-ip': '10.0.0.1' } })
    expect([response.status, counted.ADDRESS_LIMIT]).toEqual([429, { '10.0.0.1': 1 }])
    expect(arrived).toEqual([])
  })

  it('lets Stripe deliver under a limit of its own', async () => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 0, WEBHOOK_LIMIT: 2 })
    const headers = { 'cf-connecting-ip': '10.0.0.1', 'stripe-signature': `t=1764000000,v1=${'5f'.repeat(32)}` }
    const statuses = []
    for (const path of [
      '/api/webhooks/stripe',
      '/api/webhooks/stripe/',
      'https://shop.example.com//api/webhooks/stripe',
    ]) {
      const response = await ask(path, { method: 'POST', headers })
      expect(policyOf(response)).toBe('"webhook";q=30000;w=60')
      statuses.push(response.status)
    }
    expect([statuses, counted.WEBHOOK_LIMIT]).toEqual([[200, 200, 429], { '10.0.0.1': 3 }])
  })

  it('lets the mail provider deliver under the limit of webhooks, by the shape of its signature', async () => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 0, WEBHOOK_LIMIT: 1 })
    const path = '/api/webhooks/mail/resend'
    const statusWith = async (signature: string) => {
      const headers = { 'cf-connecting-ip': '10.0.0.1', 'svix-signature': signature }
      return (await ask(path, { method: 'POST', headers })).status
    }
    expect(await statusWith(`v1,${'a'.repeat(43)}=`)).toBe(200)
    expect(await statusWith('v1,short')).toBe(429)
    expect([counted.WEBHOOK_LIMIT, counted.ADDRESS_LIMIT]).toEqual([{ '10.0.0.1': 1 }, { '10.0.0.1': 1 }])
  })

  it('ignores an address that the client claims', async () => {
    const { ask, arrived } = await limitedShop()
    const headers = { 'x-shop-address': '10.9.9.9', 'x-forwarded-for': '10.9.9.9', 'cf-connecting-ip': '10.0.0.1' }
    await ask('/api/users/login', { method: 'POST', headers })
    expect(arrived[0]?.headers.get('x-shop-address')).toBe('10.0.0.1')
  })

  it.each(['/health', '/health/'])('does not apply to %s', async (path) => {
    const { ask, counted } = await limitedShop({ ADDRESS_LIMIT: 0 })
    const response = await ask(path)
    expect(response.status).toBe(200)
    expect(policyOf(response)).toBeNull()
    expect(counted.ADDRESS_LIMIT).toEqual({})
  })

  it('is named in every other answer, problems included, before the limits of the worker', async () => {
    const { ask } = await limitedShop()
    expect(policyOf(await ask('/nowhere'))).toBe('"address";q=600;w=60')
    const fetch = async () => new Response('{}', { headers: { 'ratelimit-policy': '"sign-in";q=30;w=60' } })
    const users = fakeShop({ overrides: { USERS: { fetch, sweep: async () => ({}) } } })
    const response = await users.ask('/api/users/login', { method: 'POST' })
    expect(policyOf(response)).toBe('"address";q=600;w=60, "sign-in";q=30;w=60')
  })
})
