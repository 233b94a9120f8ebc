import { LIMITS } from '@shop/contracts/limits'
import type { Reply } from '@shop/testing/client'
import { passkeyDevice } from '@shop/testing/passkey-device'
import type { Account } from '@shop/testing/shop'
import { readToken } from '@shop/testing/tokens'
import { totpCode } from '@shop/testing/totp-device'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { resigned } from './support/forgeries.ts'
import { useSharedPlatform } from './support/use-platform.ts'

/** Where pages of a local shop may use passkeys. */
const ORIGIN = 'http://localhost:3000'
const stage = useSharedPlatform()

const post = (path: string, body?: object, token?: string) => stage.shop.request('POST', path, { body, token })
const codeOf = ({ status, body }: Reply) => [status, body.code]
const login = ({ email, password }: Account) => post('/api/users/login', { email, password })
const profileStatus = async (token: string) => (await stage.shop.request('GET', '/api/users/profile', { token })).status

/**
 * An account with an authenticator app. The code of this step was used to confirm it; that of the next one signs in, whichever
 * step it is by then.
 */
async function withApp(account?: Account) {
  const owner = account ?? (await stage.shop.signUp())
  const enrolled = (await post('/api/users/factors/totp', { name: 'Phone' }, owner.token)).body
  const path = `/api/users/factors/${enrolled.factor.id}/confirm`
  const confirmed = await post(path, { code: await totpCode(enrolled.secret) }, owner.token)
  expect(confirmed.status).toBe(200)
  const { token, recovery_codes: recoveryCodes } = confirmed.body
  return { ...owner, token, recoveryCodes: recoveryCodes ?? [], secret: enrolled.secret, factor: enrolled.factor }
}

async function withPasskey(account?: Account, over = {}) {
  const owner = account ?? (await stage.shop.signUp())
  const device = await passkeyDevice({ origin: ORIGIN })
  const { options } = (await post('/api/users/passkeys/options', undefined, owner.token)).body
  const passkey = await device.create(options, over)
  const added = await post('/api/users/passkeys', { name: 'Laptop', passkey }, owner.token)
  return { ...owner, device, passkey, added, token: added.body.token ?? owner.token }
}

/** The same session as if its owner had signed in that many seconds ago. */
function agedToken(token: string, seconds: number): string {
  const { auth_time: authTime } = readToken(token).claims
  return resigned(stage.platform.signingKeys, token, {}, { auth_time: Number(authTime) - seconds })
}

describe('an authenticator app', () => {
  it('protects nothing until a code of it was sent; then a sign-in needs a code', async () => {
    const owner = await stage.shop.signUp()
    const enrolled = await post('/api/users/factors/totp', { name: 'Phone' }, owner.token)
    expect(enrolled.status).toBe(201)
    expect(enrolled.body.factor).toMatchObject({ type: 'totp', name: 'Phone', confirmed_at: null })
    expect(enrolled.body.otpauth_uri).toContain(`secret=${enrolled.body.secret}`)
    expect((await login(owner)).body.token).toBeDefined()

    const path = `/api/users/factors/${enrolled.body.factor.id}/confirm`
    const code = await totpCode(enrolled.body.secret)
    expect(codeOf(await post(path, { code: await totpCode(enrolled.body.secret, 5) }, owner.token))).toEqual([
      403,
      'wrong_proof',
    ])
    const confirmed = await post(path, { code }, owner.token)
    expect(confirmed.body.recovery_codes).toHaveLength(10)
    expect(readToken(confirmed.body.token).claims).toMatchObject({ amr: ['pwd', 'otp', 'mfa'] })
    expect(codeOf(await post(path, { code }, owner.token))).toEqual([404, 'factor_not_found'])

    const halfWay = await login(owner)
    expect([halfWay.status, halfWay.body]).toEqual([
      200,
      {
        message: 'Second factor required',
        mfa_required: true,
        mfa_token: expect.any(String),
        methods: ['code', 'recovery_code'],
        expires_in: 300,
      },
    ])
    const { mfa_token } = halfWay.body
    // The code that confirmed the app was used by that.
    expect(codeOf(await post('/api/users/login/factor', { mfa_token, code }))).toEqual([401, 'wrong_factor'])
    const session = await post('/api/users/login/factor', { mfa_token, code: await totpCode(enrolled.body.secret, 1) })
    expect(session.status).toBe(200)
    expect(readToken(session.body.token).claims).toMatchObject({ sub: owner.user.id, amr: ['pwd', 'otp', 'mfa'] })
    expect(codeOf(await post('/api/users/login/factor', { mfa_token, code }))).toEqual([401, 'invalid_mfa_token'])

    const refreshed = await post('/api/users/refresh', { refresh_token: session.body.refresh_token })
    const { amr, auth_time, sid } = readToken(session.body.token).claims
    expect(readToken(refreshed.body.token).claims).toMatchObject({ amr, auth_time, sid })
  })

  it('accepts a code once of two sign-ins at once', async () => {
    const owner = await withApp()
    const tokens = await Promise.all([login(owner), login(owner)])
    const code = await totpCode(owner.secret, 1)
    const replies = await Promise.all(
      tokens.map(({ body: { mfa_token } }) => post('/api/users/login/factor', { mfa_token, code })),
    )
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401])
  })

  it('is removed by its owner only, and takes the recovery codes with it', async () => {
    const owner = await withApp()
    const path = `/api/users/factors/${owner.factor.id}`
    const asked = await stage.shop.request('DELETE', path, { token: stage.customer.token })
    expect(codeOf(asked)).toEqual([404, 'factor_not_found'])
    expect((await stage.shop.request('DELETE', path, { token: owner.token })).status).toBe(200)
    const left = await stage.shop.request('GET', '/api/users/factors', { token: owner.token })
    expect(left.body).toEqual({ factors: [], recovery_codes_left: 0 })
    expect((await login(owner)).body.token).toBeDefined()
  })

  it('is stored encrypted, its codes and tokens as hashes', async () => {
    const owner = await withApp()
    const { mfa_token } = (await login(owner)).body
    const { rows } = await stage.platform.database.as('users').execute(sql`
      select to_jsonb(f) from users.factors f union all select to_jsonb(c) from users.recovery_codes c
      union all select to_jsonb(t) from users.mfa_tokens t`)
    const stored = JSON.stringify(rows)
    for (const secret of [owner.secret, mfa_token, ...owner.recoveryCodes]) expect(stored).not.toContain(secret)
  })
})

describe('the second step of a sign-in', () => {
  it('takes a recovery code once, however it is typed', async () => {
    const owner = await withApp()
    const [typed = ''] = owner.recoveryCodes
    const recovery_code = typed.toUpperCase().replaceAll('-', ' ')
    const tokens = await Promise.all([login(owner), login(owner)])
    const replies = await Promise.all(
      tokens.map(({ body: { mfa_token } }) => post('/api/users/login/factor', { mfa_token, recovery_code })),
    )
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401])
    const factors = await stage.shop.request('GET', '/api/users/factors', { token: owner.token })
    expect(factors.body.recovery_codes_left).toBe(9)
  })

  it('ends after five wrong codes', async () => {
    const owner = await withApp()
    const { mfa_token } = (await login(owner)).body
    for (let attempt = 0; attempt < 5; attempt += 1) {
      const wrong = await post('/api/users/login/factor', { mfa_token, recovery_code: 'wrong' })
      expect(codeOf(wrong)).toEqual([401, 'wrong_factor'])
    }
    const right = { mfa_token, code: await totpCode(owner.secret, 1) }
    expect(codeOf(await post('/api/users/login/factor', right))).toEqual([401, 'invalid_mfa_token'])
  })

  it('counts wrong codes as wrong passwords, so that new first steps bring no more guesses', async () => {
    const { email, password } = await withApp()
    const headers = { 'cf-connecting-ip': '192.0.2.77' }
    const ask = (path: string, body: object) => stage.shop.request('POST', path, { body, headers })
    const guess = async () => {
      const { mfa_token } = (await ask('/api/users/login', { email, password })).body
      return (await ask('/api/users/login/factor', { mfa_token, recovery_code: 'wrong' })).status
    }
    const statuses: number[] = []
    for (let guesses = 0; guesses < LIMITS.signInFailures.quota; guesses += 1) statuses.push(await guess())
    expect(new Set(statuses)).toEqual(new Set([401]))
    expect(codeOf(await ask('/api/users/login', { email, password }))).toEqual([429, 'rate_limited'])
  })

  it.each([
    ['nothing to prove it', {}],
    ['two proofs', { code: '123456', recovery_code: 'a' }],
    ['a code of letters', { code: 'abcdef' }],
    ['a code of other digits', { code: '１２３４５６' }],
  ])('refuses a body with %s', async (_, body) => {
    expect(codeOf(await post('/api/users/login/factor', { mfa_token: 'x', ...body }))).toEqual([
      422,
      'validation_failed',
    ])
  })

  it('makes new recovery codes for the signed-in owner; the old ones are void', async () => {
    const owner = await withApp()
    const fresh = await post('/api/users/factors/recovery-codes', undefined, owner.token)
    expect([fresh.status, fresh.body.recovery_codes?.length]).toEqual([201, 10])
    const { mfa_token } = (await login(owner)).body
    const old = { mfa_token, recovery_code: owner.recoveryCodes[0] }
    expect(codeOf(await post('/api/users/login/factor', old))).toEqual([401, 'wrong_factor'])
    const good = { mfa_token, recovery_code: fresh.body.recovery_codes?.[0] }
    expect((await post('/api/users/login/factor', good)).status).toBe(200)
  })
})

describe('a passkey', () => {
  it('signs in without a password, and once with each challenge', async () => {
    const owner = await withPasskey()
    expect(owner.added.status).toBe(201)
    expect(owner.added.body).toMatchObject({
      factor: { type: 'passkey', name: 'Laptop' },
      recovery_codes: { length: 10 },
    })
    const { options } = (await post('/api/users/login/passkey/options')).body
    expect(options).toMatchObject({ rpId: 'localhost', userVerification: 'required' })
    expect(options.allowCredentials).toBeUndefined()
    const passkey = await owner.device.get(options)
    const replies = await Promise.all([1, 2].map(() => post('/api/users/login/passkey', { passkey })))
    expect(replies.map(({ status }) => status).toSorted()).toEqual([200, 401])
    const session = replies.find(({ status }) => status === 200)
    expect(readToken(session?.body.token ?? '').claims).toMatchObject({ sub: owner.user.id, amr: ['pop', 'mfa'] })
    expect(codeOf(await post('/api/users/login/passkey', { passkey }))).toEqual([401, 'wrong_factor'])
  })

  it('is a second factor where the password comes first, even without verifying its user', async () => {
    const owner = await withPasskey()
    const { mfa_token, methods } = (await login(owner)).body
    expect(methods).toEqual(['passkey', 'recovery_code'])
    const { options } = (await post('/api/users/login/passkey/options', { mfa_token })).body
    expect(options.allowCredentials).toMatchObject([{ id: owner.passkey.id }])
    const passkey = await owner.device.get(options, { verifiesUser: false })
    const session = await post('/api/users/login/factor', { mfa_token, passkey })
    expect(readToken(session.body.token).claims).toMatchObject({ amr: ['pwd', 'pop', 'mfa'] })
  })

  it.each([
    ['of another page', { origin: 'https://evil.example.com' }],
    ['that did not verify its user', { verifiesUser: false }],
    ['of a copy', { count: 1 }],
  ])('is refused with an answer %s', async (_, over) => {
    const { device } = await withPasskey()
    const { options } = (await post('/api/users/login/passkey/options')).body
    const passkey = await device.get(options, over)
    expect(codeOf(await post('/api/users/login/passkey', { passkey }))).toEqual([401, 'wrong_factor'])
  })

  it('is refused with the answer to a challenge for something else', async () => {
    const owner = await withPasskey()
    const { mfa_token } = (await login(owner)).body
    const other = (await login(owner)).body.mfa_token
    const ofStepUp = (await post('/api/users/step-up/options', undefined, owner.token)).body.options
    const ofOther = (await post('/api/users/login/passkey/options', { mfa_token: other })).body.options
    for (const options of [ofStepUp, ofOther]) {
      const passkey = await owner.device.get(options)
      expect(codeOf(await post('/api/users/login/factor', { mfa_token, passkey }))).toEqual([401, 'wrong_factor'])
      expect(codeOf(await post('/api/users/login/passkey', { passkey }))).toEqual([401, 'wrong_factor'])
    }
  })

  it('is not added twice with one answer, nor by somebody else with it', async () => {
    const owner = await withPasskey()
    const again = { passkey: owner.passkey }
    expect(codeOf(await post('/api/users/passkeys', again, owner.token))).toEqual([403, 'wrong_proof'])
    expect(codeOf(await post('/api/users/passkeys', again, stage.customer.token))).toEqual([403, 'wrong_proof'])
  })

  it('is not added from another page', async () => {
    const { added } = await withPasskey(undefined, { origin: 'https://evil.example.com' })
    expect(codeOf(added)).toEqual([403, 'wrong_proof'])
  })
})

describe('a step-up', () => {
  const PROTECTED = [
    ['POST', '/api/users/factors/totp', {}],
    ['POST', '/api/users/factors/factor_none/confirm', { code: '123456' }],
    ['DELETE', '/api/users/factors/factor_none', undefined],
    ['POST', '/api/users/factors/recovery-codes', undefined],
    ['POST', '/api/users/passkeys/options', undefined],
    ['POST', '/api/users/password', { current_password: 'a', new_password: 'violet teapots sing at noon' }],
    ['POST', '/api/users/email', { new_email: 'ada@example.com', password: 'a' }],
  ] as const
  const OF_STAFF = [
    ['PATCH', '/api/users/user_none/role', { role: 'support' }],
    ['POST', '/api/users/invitations', { email: 'grace@example.com', role: 'support' }],
    ['POST', '/api/api-keys', { kind: 'publishable', name: 'Storefront' }],
  ] as const

  it.each(PROTECTED)('is needed ten minutes after the sign-in for %s %s', async (method, path, body) => {
    const token = agedToken((await stage.shop.signUp()).token, 601)
    const refused = await stage.shop.request(method, path, { token, body })
    expect(codeOf(refused)).toEqual([403, 'step_up_required'])
    expect(refused.body).toMatchObject({ methods: ['password', 'code', 'passkey'], max_age: 600 })
  })

  it.each(OF_STAFF)('is needed of staff ten minutes after the sign-in for %s %s', async (method, path, body) => {
    const token = agedToken(stage.admin.token, 601)
    expect(codeOf(await stage.shop.request(method, path, { token, body }))).toEqual([403, 'step_up_required'])
  })

  it('with the password renews the access token of an account without a factor, and what it is refreshed to', async () => {
    const owner = await stage.shop.signUp()
    const token = agedToken(owner.token, 601)
    expect(await profileStatus(token)).toBe(200)
    const wrong = await post('/api/users/step-up', { password: 'wrong' }, token)
    expect(codeOf(wrong)).toEqual([403, 'wrong_proof'])
    const renewed = (await post('/api/users/step-up', { password: owner.password }, token)).body
    expect((await post('/api/users/factors/totp', {}, renewed.token)).status).toBe(201)
    const refreshed = await post('/api/users/refresh', { refresh_token: owner.refreshToken })
    const { auth_time } = readToken(renewed.token).claims
    expect(readToken(refreshed.body.token).claims).toMatchObject({ amr: ['pwd'], auth_time })
  })

  it('needs the factor of an account that has one; the password alone is refused', async () => {
    const owner = await withApp()
    const token = agedToken(owner.token, 601)
    const refused = await post('/api/users/step-up', { password: owner.password }, token)
    expect(codeOf(refused)).toEqual([403, 'step_up_required'])
    expect(refused.body.methods).toEqual(['code', 'passkey'])
    const renewed = await post('/api/users/step-up', { code: await totpCode(owner.secret, 1) }, token)
    expect((await post('/api/users/passkeys/options', undefined, renewed.body.token)).status).toBe(200)
  })

  it('takes a passkey', async () => {
    const owner = await withPasskey()
    const token = agedToken(owner.token, 601)
    const { options } = (await post('/api/users/step-up/options', undefined, token)).body
    const passkey = await owner.device.get(options)
    const renewed = await post('/api/users/step-up', { passkey }, token)
    expect((await post('/api/users/factors/totp', {}, renewed.body.token)).status).toBe(201)
    expect(codeOf(await post('/api/users/step-up', { passkey }, token))).toEqual([403, 'wrong_proof'])
  })

  it('cannot revive a session that has ended', async () => {
    const owner = await stage.shop.signUp()
    await post('/api/users/logout', { refresh_token: owner.refreshToken })
    const renewed = await post('/api/users/step-up', { password: owner.password }, owner.token)
    expect(codeOf(renewed)).toEqual([401, 'invalid_token'])
  })
})
