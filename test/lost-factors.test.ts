import { eventually } from '@shop/testing/eventually'
import type { Account } from '@shop/testing/shop'
import { totpCode } from '@shop/testing/totp-device'
import { beforeAll, describe, expect, it } from 'vitest'
import { resigned } from './support/forgeries.ts'
import { usePlatform } from './support/use-platform.ts'

const stage = usePlatform()

const post = (path: string, body?: object, token?: string) => stage.shop.request('POST', path, { body, token })
const reset = (id: string, token = stage.admin.token) =>
  stage.shop.request('DELETE', `/api/users/${id}/factors`, { token })
const signIn = ({ email, password }: Account) => post('/api/users/login', { email, password })
const subjectsTo = ({ email }: Account) => stage.platform.mail.mails({ to: email }).map(({ subject }) => subject)
const mailed = (owner: Account, subject: string) =>
  eventually(
    async () => subjectsTo(owner),
    (subjects) => subjects.includes(subject),
    10_000,
  )

const ADDED = 'A second factor was added to your account'
const REMOVED = 'A second factor was removed from your account'

/** An account with an authenticator app, and the token of the session that added it. */
async function withApp() {
  const owner = await stage.shop.signUp()
  const { secret, factor } = (await post('/api/users/factors/totp', {}, owner.token)).body
  const confirmed = await post(`/api/users/factors/${factor.id}/confirm`, { code: await totpCode(secret) }, owner.token)
  expect(confirmed.status).toBe(200)
  return { ...owner, token: confirmed.body.token, factor }
}

it('an owner is mailed once when they add a second factor, and once when they remove it', async () => {
  const owner = await withApp()
  await mailed(owner, ADDED)
  const path = `/api/users/factors/${owner.factor.id}`
  expect((await stage.shop.request('DELETE', path, { token: owner.token })).status).toBe(200)
  await mailed(owner, REMOVED)
  await stage.platform.sweep()
  expect(subjectsTo(owner).filter((subject) => [ADDED, REMOVED].includes(subject))).toEqual([ADDED, REMOVED])
})

describe('an administrator removes the factors of somebody who has lost them', () => {
  let owner: Awaited<ReturnType<typeof withApp>>
  beforeAll(async () => {
    owner = await withApp()
    expect((await signIn(owner)).body.mfa_required).toBe(true)
    const answer = await reset(owner.user.id)
    expect([answer.status, answer.body.removed]).toEqual([200, 1])
  })

  it('and their password signs in again', async () => {
    expect((await signIn(owner)).body.token).toBeDefined()
  })

  it('and their sessions end at once', async () => {
    const refused = await post('/api/carts', {}, owner.token)
    expect([refused.status, refused.body.code]).toEqual([401, 'invalid_token'])
    expect((await post('/api/users/refresh', { refresh_token: owner.refreshToken })).status).toBe(401)
  })

  it('and they are mailed', async () => {
    await mailed(owner, REMOVED)
  })

  it('and the audit log names who did it to whom', async () => {
    const path = `/api/audit?operation=resetFactors&resource_id=${owner.user.id}`
    const { audit_entries: entries } = (await stage.shop.request('GET', path, { token: stage.admin.token })).body
    expect(entries).toMatchObject([{ actor_id: stage.admin.user.id, status: 200 }])
  })

  it('and a repeated call removes nothing more', async () => {
    const again = await reset(owner.user.id)
    expect([again.status, again.body.removed]).toEqual([200, 0])
  })

  it('and their address and password are not in the log', () => {
    const logs = stage.platform.logs().join('\n')
    for (const text of [owner.email, owner.password]) expect(logs).not.toContain(text)
  })
})

describe('nobody else removes the factors of an account:', () => {
  it.each(['customer', 'support', 'finance'] as const)('not %s', async (role) => {
    const owner = await withApp()
    const { token } = await stage.shop.signUp()
    const refused = await reset(owner.user.id, resigned(stage.platform.signingKeys, token, {}, { role }))
    expect([refused.status, refused.body.code]).toEqual([403, 'forbidden'])
    expect((await signIn(owner)).body.mfa_required).toBe(true)
  })

  it('not an administrator whose last proof is older than ten minutes', async () => {
    const owner = await withApp()
    const now = Math.floor(Date.now() / 1_000)
    const aged = resigned(stage.platform.signingKeys, stage.admin.token, {}, { auth_time: now - 601 })
    const refused = await reset(owner.user.id, aged)
    expect([refused.status, refused.body.code]).toEqual([403, 'step_up_required'])
  })

  it.each(['user_01jd4k2v9rf0fv8z3x1m5q7w2e', 'nobody'])('%s is no account', async (id) => {
    const missing = await reset(id)
    expect([missing.status, missing.body.code]).toEqual([404, 'user_not_found'])
  })
})
