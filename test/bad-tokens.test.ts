import { readToken } from '@shop/testing/tokens'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { FORGERIES, resigned } from './support/forgeries.ts'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()

const KINDS = Object.entries(FORGERIES)

/** What a bad token is sent for: to read one's own, to change something, and to read what anybody may read. */
const REQUESTS = [
  ['GET', '/api/users/profile', undefined],
  ['POST', '/api/orders', { items: [{ product_id: 1, quantity: 1 }] }],
  ['GET', '/api/products', undefined],
] as const

async function expectRefused(token: string): Promise<void> {
  for (const [method, path, body] of REQUESTS) {
    const { status, headers, body: problem } = await stage.shop.request(method, path, { token, body })
    expect([status, problem.code], `${method} ${path}`).toEqual([401, 'invalid_token'])
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
  }
}

describe('a token', () => {
  it('that is good is accepted, also signed again by the same key (control case of the others)', async () => {
    const { token } = stage.customer
    const again = resigned(stage.platform.signingKeys, token, {}, {})
    for (const good of [token, again]) {
      expect((await stage.shop.request('GET', '/api/users/profile', { token: good })).status).toBe(200)
    }
  })

  it('can be bad in more than 80 ways, each another text', async () => {
    const forged = KINDS.map(([, forge]) => forge(stage.customer.token, stage.platform.signingKeys))
    expect(new Set(forged).size).toBe(KINDS.length)
    expect(KINDS.length).toBeGreaterThan(80)
    expect(forged).not.toContain(stage.customer.token)
  })

  it.each(KINDS)('%s is refused', async (_, forge) => {
    await expectRefused(forge(stage.customer.token, stage.platform.signingKeys))
  })

  it.each(['Basic dXNlcjpwYXNz', 'Bearer', 'Bearer a b', 'token abc', 'DPoP abc'])(
    'is not read from the header %j',
    async (authorization) => {
      const refused = await stage.shop.request('GET', '/api/users/profile', { headers: { authorization } })
      expect([refused.status, refused.body.code]).toEqual([401, 'invalid_token'])
    },
  )

  it('with spaces in it or around a second one is refused', async () => {
    const { token } = stage.customer
    for (const text of [`${token} ${token}`, `${token},${token}`, token.replace('.', ' .'), `"${token}"`]) {
      const headers = { authorization: `Bearer ${text}` }
      expect((await stage.shop.request('GET', '/api/users/profile', { headers })).status).toBe(401)
    }
  })

  it('is accepted in the header only: not in the query, a cookie or the body', async () => {
    const { token } = stage.customer
    const { request } = stage.shop
    const elsewhere = [
      await request('GET', '/api/users/profile', { headers: { cookie: `token=${token}` } }),
      await request('GET', '/api/users/profile', { headers: { 'x-access-token': token } }),
    ]
    expect(elsewhere.map(({ status }) => status)).toEqual([401, 401])
    const query = await fetch(`${stage.platform.url}/api/users/profile?access_token=${token}`)
    expect([401, 422]).toContain(query.status)
  })

  it('of a session that has ended is refused for what is one’s own', async () => {
    const { token, refreshToken } = await stage.shop.signUp()
    await stage.shop.request('POST', '/api/users/logout', { body: { refresh_token: refreshToken } })
    const body = { items: [{ product_id: 1, quantity: 1 }] }
    for (const [method, path] of [
      ['GET', '/api/users/profile'],
      ['POST', '/api/orders'],
    ] as const) {
      const refused = await stage.shop.request(method, path, { token, body: method === 'POST' ? body : undefined })
      expect(refused).toMatchObject({ status: 401, body: { code: 'invalid_token', reason: 'ended' } })
      expect(refused.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    }
  })

  it('of an account that was removed reads nothing of it', async () => {
    const { token, user } = await stage.shop.signUp()
    await stage.platform.database.as('users').execute(sql`delete from users.users where id = ${user.id}`)
    const refused = await stage.shop.request('GET', '/api/users/profile', { token })
    expect([refused.status, refused.body.code]).toEqual([401, 'authentication_required'])
    expect(readToken(token).claims.sub).toBe(user.id)
  })

  it('that is a refresh token is refused', async () => {
    await expectRefused(stage.customer.refreshToken)
  })
})
