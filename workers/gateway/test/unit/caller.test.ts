import { beforeAll, describe, expect, it } from 'vitest'
import { fakeShop, newKey, newToken, problemOf, SESSION_ID, type SigningKey, USER_ID } from './fake-shop.ts'

let key: SigningKey
beforeAll(async () => {
  key = await newKey()
})

const shop = () => fakeShop({ keys: [key.publicJwk] })
const bearer = (token: string) => ({ headers: { authorization: `Bearer ${token}` } })

describe('the caller', () => {
  it('is taken from the token, which is not forwarded', async () => {
    const { ask, arrived } = shop()
    await ask('/api/orders', bearer(await newToken(key, { claims: { role: 'admin' } })))
    const headers = arrived[0]?.headers
    const proof = { amr: ['pwd'], authTime: 1_795_428_000 }
    const caller = { kind: 'user', userId: USER_ID, role: 'admin', sessionId: SESSION_ID, proof }
    expect(JSON.parse(headers?.get('x-shop-caller') ?? '')).toEqual(caller)
    expect(headers?.has('authorization')).toBe(false)
  })

  it('is authenticated for the staff calls on events', async () => {
    const { ask, arrived } = shop()
    await ask('/api/events/users', bearer(await newToken(key, { claims: { role: 'admin' } })))
    expect(JSON.parse(arrived[0]?.headers.get('x-shop-caller') ?? '')).toMatchObject({ kind: 'user', role: 'admin' })
  })

  it('is anonymous without a token, whatever headers the client sends', async () => {
    const { ask, arrived } = shop()
    const claimed = JSON.stringify({ kind: 'user', userId: USER_ID, role: 'admin' })
    await ask('/api/orders', { headers: { 'x-shop-caller': claimed, 'X-Shop-Staff': 'yes' } })
    expect(JSON.parse(arrived[0]?.headers.get('x-shop-caller') ?? '')).toEqual({ kind: 'anonymous' })
    expect(arrived[0]?.headers.has('x-shop-staff')).toBe(false)
  })

  it.each([
    '/api/users/register',
    '/api/users/login',
    '/api/users/refresh/',
    '/api/users/logout',
    '/api/webhooks/stripe',
  ])('is not authenticated for %s, so a stale token does no harm', async (path) => {
    const { ask, arrived } = shop()
    expect((await ask(path, { method: 'POST', ...bearer('stale') })).status).toBe(200)
    expect(JSON.parse(arrived[0]?.headers.get('x-shop-caller') ?? '')).toEqual({ kind: 'anonymous' })
  })
})

describe('a token', () => {
  const past = { iat: 1_795_420_000, exp: 1_795_427_990 }
  const bad: [what: string, reason: string, make: () => Promise<string>][] = [
    ['has expired', 'expired', () => newToken(key, { claims: past })],
    ['is no token', 'malformed', async () => 'abc'],
    ['is of another type', 'malformed', () => newToken(key, { header: { typ: 'JWT' } })],
    ['is of another issuer', 'not_trusted', () => newToken(key, { claims: { iss: 'https://evil.example.com' } })],
    ['is for another audience', 'not_trusted', () => newToken(key, { claims: { aud: 'other-api' } })],
    ['names an unknown key', 'not_trusted', async () => newToken(await newKey('key-2'))],
    ['is signed by another key of that name', 'not_trusted', async () => newToken(await newKey('key-1'))],
    ['is signed with another algorithm', 'malformed', async () => newToken(await newKey('key-1', 'ES256'))],
    ['is not signed', 'malformed', async () => unsigned(await newToken(key))],
    [
      'brings something else in its header',
      'malformed',
      () => newToken(key, { header: { jku: 'https://evil.example' } }),
    ],
    ['is for us and others', 'not_trusted', () => newToken(key, { claims: { aud: ['shop-api', 'other-api'] } })],
    ['belongs to no session', 'not_trusted', () => newToken(key, { claims: { sid: undefined } })],
    ['does not say how it was proved', 'not_trusted', () => newToken(key, { claims: { amr: undefined } })],
    ['is issued in the future', 'not_trusted', () => newToken(key, { claims: { iat: 1_795_428_060 } })],
    ['has a role we do not know', 'not_trusted', () => newToken(key, { claims: { role: 'root' } })],
    ['speaks for no user', 'not_trusted', () => newToken(key, { claims: { sub: 'order_1' } })],
    ['never expires', 'not_trusted', () => newToken(key, { claims: { exp: undefined } })],
  ]
  it.each(bad)('that %s is refused as %s', async (_, reason, make) => {
    const { ask, arrived } = shop()
    const response = await ask('/api/products', bearer(await make()))
    expect(response.headers.get('www-authenticate')).toBe('Bearer error="invalid_token"')
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'invalid_token', reason })
    expect(arrived).toEqual([])
  })

  it('is accepted for a few seconds after it expires, since clocks differ', async () => {
    const { ask } = shop()
    const claims = { iat: 1_795_427_000, exp: 1_795_427_996 }
    expect((await ask('/api/products', bearer(await newToken(key, { claims })))).status).toBe(200)
  })

  it('must use the Bearer scheme', async () => {
    const response = await shop().ask('/api/products', { headers: { authorization: 'Basic YWRhOnB3' } })
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'invalid_token', reason: 'malformed' })
  })
})

function unsigned(token: string): string {
  const header = btoa(JSON.stringify({ alg: 'none', typ: 'at+jwt', kid: 'key-1' })).replaceAll('=', '')
  return `${header}.${token.split('.')[1]}.`
}
