import type { Account } from '@shop/testing/shop'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { setRevocationsAway, usersWithFault } from './support/fault-of-revocations.ts'
import { mailedToken } from './support/mailed-tokens.ts'
import { usePlatform } from './support/use-platform.ts'

/** While the revocation objects do not answer, nobody knows whether a session has ended. */
const stage = usePlatform({ bundles: { users: usersWithFault() } })

const ask = (method: string, path: string, token?: string, body?: object, headers = {}) =>
  stage.shop.request(method, path, { token, body, headers })
const profileOf = async ({ token }: Account) => (await ask('GET', '/api/users/profile', token)).body.user
const signIn = (email: string, password: string) => ask('POST', '/api/users/login', undefined, { email, password })

const NEW_PASSWORD = 'another long enough passphrase'
let owner: Account
let key: string
let resetToken: string
let newEmail: string
let emailToken: string

beforeAll(async () => {
  owner = await stage.shop.signUp()
  newEmail = `${crypto.randomUUID()}@example.com`
  const body = { kind: 'secret', name: 'Warehouse', scopes: ['products:write'] }
  key = (await ask('POST', '/api/api-keys', stage.admin.token, body)).body.key
  await ask('POST', '/api/users/password-reset', undefined, { email: owner.email })
  resetToken = await mailedToken(stage.platform, { email: owner.email, kind: 'password_reset' })
  const other = await stage.shop.signUp()
  await ask('POST', '/api/users/email', other.token, { new_email: newEmail, password: other.password })
  emailToken = await mailedToken(stage.platform, { email: newEmail, kind: 'email_change' })
})

const UNAVAILABLE = {
  status: 503,
  body: { code: 'service_unavailable', status: 503, type: 'urn:shop:problem:service_unavailable' },
}
async function expectUnavailable(call: ReturnType<typeof ask>) {
  const { headers, ...refused } = await call
  expect(refused).toMatchObject(UNAVAILABLE)
  expect(headers.get('content-type')).toContain('application/problem+json')
  expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
}

describe('while the revocation objects are away', () => {
  // What was asked in the last minute still counts for reads.
  beforeEach(async () => {
    await setRevocationsAway(stage.platform, false)
    await Promise.all([owner, stage.customer, stage.admin].map(profileOf))
    await setRevocationsAway(stage.platform, true)
  })
  afterAll(() => setRevocationsAway(stage.platform, false))

  it('a write with an access token is answered 503, and changes nothing', async () => {
    const name = `Mug ${crypto.randomUUID()}`
    const before = await profileOf(owner)
    await expectUnavailable(ask('PATCH', '/api/users/profile', owner.token, { name }))
    await expectUnavailable(ask('POST', '/api/carts', owner.token, {}))
    await expectUnavailable(ask('POST', '/api/users/logout-all', owner.token))
    await expectUnavailable(ask('POST', '/api/products', stage.admin.token, { name, price: 1 }))
    await expectUnavailable(ask('PATCH', `/api/users/${owner.user.id}/role`, stage.admin.token, { role: 'support' }))
    await expectUnavailable(ask('DELETE', `/api/users/${owner.user.id}/factors`, stage.admin.token))
    expect(await profileOf(owner)).toEqual(before)
    const search = `/api/products?search=${encodeURIComponent(name)}`
    expect((await ask('GET', search, stage.admin.token)).body.products.map((product) => product.name)).not.toContain(
      name,
    )
    const { audit_entries } = (await ask('GET', '/api/audit?operation=changeRole', stage.admin.token)).body
    expect(audit_entries).toEqual([])
  })

  it('a new password by the link of a mail is answered 503, changes nothing, and leaves the link as it is', async () => {
    const body = { token: resetToken, new_password: NEW_PASSWORD }
    await expectUnavailable(ask('POST', '/api/users/password-reset/confirm', undefined, body))
    expect((await signIn(owner.email, owner.password)).status).toBe(200)
    expect((await signIn(owner.email, NEW_PASSWORD)).status).toBe(401)
  })

  it('a new e-mail address by the link of a mail is answered 503, and changes nothing', async () => {
    await expectUnavailable(ask('POST', '/api/users/email/confirm', undefined, { token: emailToken }))
    expect((await signIn(newEmail, 'whatever it was before')).status).toBe(401)
  })

  it('a read of an account goes on for a minute after the last answer, and public reads go on', async () => {
    expect((await ask('GET', '/api/users/profile', owner.token)).status).toBe(200)
    expect((await ask('GET', '/api/orders', stage.customer.token)).status).toBe(200)
    expect((await ask('GET', '/api/products', owner.token)).status).toBe(200)
    expect((await ask('GET', '/api/products')).status).toBe(200)
    const unseen = (await signIn(stage.customer.email, stage.customer.password)).body.token
    await expectUnavailable(ask('GET', '/api/users/profile', unseen))
  })

  it('guests and machines go on, whose credentials are checked elsewhere', async () => {
    expect((await ask('POST', '/api/carts', undefined, {})).status).toBe(201)
    expect((await ask('POST', '/api/products', key, { name: 'Mug', price: 1 })).status).toBe(201)
  })
})

describe('once they answer again', () => {
  it('writes are made', async () => {
    expect((await ask('PATCH', '/api/users/profile', owner.token, { name: 'Ada' })).status).toBe(200)
    expect((await ask('POST', '/api/products', stage.admin.token, { name: 'Mug', price: 1 })).status).toBe(201)
  })

  it('the links of mails work, and end the sessions', async () => {
    expect((await ask('POST', '/api/users/email/confirm', undefined, { token: emailToken })).status).toBe(200)
    const body = { token: resetToken, new_password: NEW_PASSWORD }
    expect((await ask('POST', '/api/users/password-reset/confirm', undefined, body)).status).toBe(200)
    expect((await ask('POST', '/api/carts', owner.token, {})).body.code).toBe('invalid_token')
    expect((await signIn(owner.email, NEW_PASSWORD)).status).toBe(200)
  })
})
