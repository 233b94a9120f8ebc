import { beforeAll, describe, expect, it } from 'vitest'
import { fakeShop, newKey, newToken, problemOf, SESSION_ID, type SigningKey, USER_ID } from './fake-shop.ts'

let key: SigningKey
beforeAll(async () => {
  key = await newKey()
})

const AUTH_TIME = 1_795_427_000
const claimsOf = (amr: unknown, role = 'admin') => ({ role, sid: SESSION_ID, amr, auth_time: AUTH_TIME })

async function ask(method: string, path: string, claims: Record<string, unknown>, required = true) {
  const overrides = { STAFF_MFA: required ? 'required' : 'off' }
  const { ask: asking, arrived } = fakeShop({ keys: [key.publicJwk], overrides })
  const headers = { authorization: `Bearer ${await newToken(key, { claims })}` }
  return { response: await asking(path, { method, headers }), arrived }
}

describe('the caller', () => {
  it('has the session and its proof from the token', async () => {
    const { arrived } = await ask('GET', '/api/orders', claimsOf(['pwd', 'otp', 'mfa']))
    expect(JSON.parse(arrived[0]?.headers.get('x-shop-caller') ?? '')).toEqual({
      kind: 'user',
      userId: USER_ID,
      role: 'admin',
      sessionId: SESSION_ID,
      proof: { amr: ['pwd', 'otp', 'mfa'], authTime: AUTH_TIME },
    })
  })

  it.each([
    ['methods that are no list', claimsOf('mfa')],
    ['a time that is no number', { ...claimsOf(['mfa']), auth_time: 'now' }],
    ['no time', { ...claimsOf(['mfa']), auth_time: undefined }],
    ['no methods', { ...claimsOf(['mfa']), amr: undefined }],
  ])('is not trusted with %s', async (_, claims) => {
    const { response } = await ask('GET', '/api/orders', claims)
    expect(await problemOf(response)).toMatchObject({ status: 401, code: 'invalid_token' })
  })

  it('has proved nothing with methods that we do not know', async () => {
    const { response } = await ask('GET', '/api/orders', claimsOf(['magic']))
    expect(await problemOf(response)).toMatchObject({ status: 403, code: 'factor_required' })
  })
})

describe('staff without a second factor, where one is required', () => {
  it.each([
    ['GET', '/api/users/factors'],
    ['GET', '/api/users/factors/'],
    ['GET', '/api/users/profile'],
    ['POST', '/api/users/factors/totp'],
    ['POST', '/api/users/factors/factor_1/confirm'],
    ['POST', '/api/users/passkeys/options'],
    ['POST', '/api/users/passkeys'],
    ['POST', '/api/users/step-up'],
    ['POST', '/api/users/step-up/options'],
    ['POST', '/api/users/logout-all'],
    ['POST', '/api/users/refresh'],
    ['POST', '/api/users/login'],
  ])('may call %s %s', async (method, path) => {
    const { response, arrived } = await ask(method, path, claimsOf(['pwd']))
    expect([response.status, arrived.length]).toEqual([200, 1])
  })

  it.each([
    ['GET', '/api/orders'],
    ['GET', '/api/products'],
    ['POST', '/api/products'],
    ['DELETE', '/api/users/factors/factor_1'],
    ['POST', '/api/users/factors/recovery-codes'],
    ['POST', '/api/users/factors/a/b/confirm'],
    ['PATCH', '/api/users/profile'],
    ['GET', '/api/users/profile/more'],
    ['GET', '/api/events/users'],
  ])('may not call %s %s', async (method, path) => {
    const { response, arrived } = await ask(method, path, claimsOf(['pwd']))
    expect(await problemOf(response)).toMatchObject({ status: 403, code: 'factor_required' })
    expect(arrived).toEqual([])
  })

  it.each([
    ['staff with one', claimsOf(['pwd', 'pop', 'mfa']), true],
    ['customers', claimsOf(['pwd'], 'customer'), true],
    ['staff of a shop that requires none', claimsOf(['pwd']), false],
  ])('are no %s, who may call everything', async (_, claims, required) => {
    expect((await ask('GET', '/api/orders', claims, required)).response.status).toBe(200)
  })
})
