import type { Account } from '@shop/testing/shop'
import { describe, expect, it } from 'vitest'
import { type MailedToken, mailedToken as tokenOf, mailedTokens as tokensIn } from './support/mailed-tokens.ts'
import { useSharedPlatform } from './support/use-platform.ts'

const stage = useSharedPlatform()
const NEW_PASSWORD = 'violet teapots sing at noon'

const post = (path: string, body: unknown, token?: string) => stage.shop.request('POST', path, { body, token })
const anEmail = () => `${crypto.randomUUID()}@example.com`
const signIn = (email: string, password: string) => post('/api/users/login', { email, password })
const refresh = ({ refreshToken }: Account) => post('/api/users/refresh', { refresh_token: refreshToken })
const profileOf = async ({ token }: Account) =>
  (await stage.shop.request('GET', '/api/users/profile', { token })).body.user
const eventsOf = async (account: Account) => {
  const path = `/api/events/users?key=${account.user.id}`
  const { body } = await stage.shop.request('GET', path, { token: stage.admin.token })
  return body.events.map(({ type }) => type)
}

const mailedTokens = (email: string, kind: MailedToken['kind']) => tokensIn(stage.platform, { email, kind })
const mailedToken = (email: string, kind: MailedToken['kind'], earlier = 0) =>
  tokenOf(stage.platform, { email, kind }, earlier)

describe('who forgot the password', () => {
  it('sets a new one by the link of a mail, once, and every session ends', async () => {
    const account = await stage.shop.signUp()
    const { email, password } = account
    expect((await post('/api/users/password-reset', { email: email.toUpperCase() })).status).toBe(202)
    const token = await mailedToken(email, 'password_reset')
    const body = { token, new_password: NEW_PASSWORD }
    const answers = await Promise.all([1, 2, 3].map(() => post('/api/users/password-reset/confirm', body)))
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 422, 422])
    expect(answers.find(({ status }) => status === 422)?.body.code).toBe('invalid_account_token')
    expect((await refresh(account)).status).toBe(401)
    expect((await post('/api/users/verification', undefined, account.token)).body.code).toBe('invalid_token')
    expect((await signIn(email, password)).status).toBe(401)
    expect((await signIn(email, NEW_PASSWORD)).body.user).toMatchObject({ email_verified: true })
    expect((await eventsOf(account)).slice(0, 3).toSorted()).toEqual([
      'customer.email_verified',
      'customer.password_changed',
      'customer.password_reset_requested',
    ])
  })

  it('is told what is wrong with a new password, and the link still works', async () => {
    const account = await stage.shop.signUp()
    await post('/api/users/password-reset', { email: account.email })
    const token = await mailedToken(account.email, 'password_reset')
    const refused = await post('/api/users/password-reset/confirm', { token, new_password: 'passwordpassword' })
    expect(refused.status).toBe(422)
    expect(refused.body).toMatchObject({
      code: 'invalid_password',
      errors: [{ field: 'new_password', code: 'password_too_common', message: expect.any(String) }],
    })
    expect((await post('/api/users/password-reset/confirm', { token, new_password: NEW_PASSWORD })).status).toBe(200)
  })

  it('is answered as somebody without an account is', async () => {
    const { email } = await stage.shop.signUp()
    for (const path of ['/api/users/password-reset', '/api/users/verification']) {
      const [known, unknown] = [await post(path, { email }), await post(path, { email: anEmail() })]
      expect([known.status, known.body]).toEqual([unknown.status, unknown.body])
      const names = ({ headers }: typeof known) => [...headers.keys()].toSorted()
      expect(names(known)).toEqual(names(unknown))
    }
  })

  it('gets five mails an hour, whether there is an account or not', async () => {
    for (const email of [(await stage.shop.signUp()).email, anEmail()]) {
      const statuses: number[] = []
      // Twice the quota plus one, since the hour may end in between.
      for (let n = 0; n < 11; n += 1) statuses.push((await post('/api/users/password-reset', { email })).status)
      expect(statuses.indexOf(429)).toBeGreaterThanOrEqual(5)
    }
  })
})

describe('a verification', () => {
  it('is by the link of a mail, which a registration and each request lead to', async () => {
    const account = await stage.shop.signUp()
    expect(account.user.email_verified).toBe(false)
    const first = await mailedToken(account.email, 'verification')
    expect((await post('/api/users/verification', undefined, account.token)).status).toBe(202)
    const later = await mailedToken(account.email, 'verification', 1)
    expect((await post('/api/users/verification/confirm', { token: first })).status).toBe(422)
    expect((await post('/api/users/verification/confirm', { token: later })).status).toBe(200)
    expect(await profileOf(account)).toMatchObject({ email_verified: true })
    expect((await eventsOf(account))[0]).toBe('customer.email_verified')
  })

  it('of the own address is requested by who is signed in', async () => {
    expect((await post('/api/users/verification', {})).body.code).toBe('authentication_required')
  })
})

describe('a change of the password', () => {
  it('needs the current one, and leaves the caller with the only session', async () => {
    const account = await stage.shop.signUp()
    const change = (current_password: string) =>
      post('/api/users/password', { current_password, new_password: NEW_PASSWORD }, account.token)
    expect((await change('not the password')).body.code).toBe('wrong_password')
    const changed = await change(account.password)
    expect(changed.status).toBe(200)
    expect((await refresh(account)).status).toBe(401)
    expect((await post('/api/users/verification', undefined, account.token)).body.code).toBe('invalid_token')
    expect((await post('/api/users/verification', undefined, changed.body.token)).status).toBe(202)
    expect((await post('/api/users/refresh', { refresh_token: changed.body.refresh_token })).status).toBe(200)
    expect((await signIn(account.email, account.password)).status).toBe(401)
    expect((await signIn(account.email, NEW_PASSWORD)).status).toBe(200)
  })

  it('is refused for 15 minutes after ten wrong passwords, even with the right one', async () => {
    const account = await stage.shop.signUp()
    const change = (current_password: string) =>
      post('/api/users/password', { current_password, new_password: NEW_PASSWORD }, account.token)
    for (let n = 0; n < 10; n += 1) expect((await change(`wrong password ${n}`)).status).toBe(403)
    expect((await change(account.password)).status).toBe(429)
  })
})

describe('a change of the e-mail address', () => {
  it('needs the password and the link of a mail to the new address', async () => {
    const account = await stage.shop.signUp()
    const newEmail = anEmail()
    const change = (password: string) => post('/api/users/email', { new_email: newEmail, password }, account.token)
    expect((await change('not the password')).body.code).toBe('wrong_password')
    expect((await change(account.password)).status).toBe(202)
    expect(await profileOf(account)).toMatchObject({ email: account.email })
    const token = await mailedToken(newEmail, 'email_change')
    expect((await post('/api/users/email/confirm', { token }, account.token)).status).toBe(200)
    expect((await post('/api/users/email/confirm', { token })).body.code).toBe('invalid_account_token')
    expect(await profileOf(account)).toMatchObject({ email: newEmail, email_verified: true })
    expect((await signIn(newEmail, account.password)).status).toBe(200)
    expect((await signIn(account.email, account.password)).status).toBe(401)
  })

  it.each([
    ['ends every session, when it is confirmed without one', () => undefined, 401],
    ['leaves the session that confirms it, and ends the others', ({ token }: Account) => token, 201],
    ['ends every session, when somebody else confirms it', () => stage.customer.token, 401],
  ] as const)('%s', async (_, confirming, status) => {
    const account = await stage.shop.signUp()
    const other = (await signIn(account.email, account.password)).body
    const newEmail = anEmail()
    await post('/api/users/email', { new_email: newEmail, password: account.password }, account.token)
    const token = await mailedToken(newEmail, 'email_change')
    expect((await post('/api/users/email/confirm', { token }, confirming(account))).status).toBe(200)
    expect((await post('/api/carts', {}, account.token)).status).toBe(status)
    expect((await post('/api/carts', {}, other.token)).status).toBe(401)
    expect((await post('/api/users/refresh', { refresh_token: other.refresh_token })).status).toBe(401)
    expect((await post('/api/carts', {}, stage.customer.token)).status).toBe(201)
  })

  it('to the address of another account is refused, at once or when it is confirmed', async () => {
    const [one, other] = [await stage.shop.signUp(), await stage.shop.signUp()]
    const change = (account: Account, email: string) =>
      post('/api/users/email', { new_email: email, password: account.password }, account.token)
    expect((await change(one, other.email)).body.code).toBe('email_taken')
    const wanted = anEmail()
    for (const account of [one, other]) expect((await change(account, wanted)).status).toBe(202)
    await mailedToken(wanted, 'email_change', 1)
    const answers = await Promise.all(
      mailedTokens(wanted, 'email_change').map((token) => post('/api/users/email/confirm', { token })),
    )
    expect(answers.map(({ status }) => status).toSorted()).toEqual([200, 409])
  })
})
