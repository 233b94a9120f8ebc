import { describedOperations } from '@shop/testing/api-contract'
import type { Reply } from '@shop/testing/client'
import { readToken, unsignedToken } from '@shop/testing/tokens'
import { totpCode } from '@shop/testing/totp-device'
import { describe, expect, it } from 'vitest'
import { anAddress, attack, filledPath } from '../support/attacks.ts'
import { resigned } from '../support/forgeries.ts'
import { mailedToken } from '../support/mailed-tokens.ts'
import { expectRefusal } from '../support/problems.ts'
import { useSharedPlatform } from '../support/use-platform.ts'

/** OWASP API Security Top 10 (2023): who somebody is. */
const stage = useSharedPlatform()

const post = (path: string, body?: unknown, token?: string, headers = {}) =>
  stage.shop.request('POST', path, { body, token, headers: { 'cf-connecting-ip': anAddress(), ...headers } })
const codeOf = ({ status, body }: Reply) => [status, body.code]
const PASSWORD = 'a long enough passphrase'

describe('API2:2023 Broken authentication', () => {
  const needsSignIn = describedOperations().filter(({ access }) => ['signed_in', 'scope'].includes(access?.kind ?? ''))

  it.each(needsSignIn)('$operationId takes no token without a signature, nor one of another audience', async (one) => {
    const { token } = stage.admin
    const { claims } = readToken(token)
    const otherAudience = resigned(stage.platform.signingKeys, token, {}, { aud: 'another-api' })
    for (const forged of [unsignedToken({ ...claims, role: 'admin' }), otherAudience]) {
      const answer = await attack(stage.platform.url, one.method, filledPath(one), {
        headers: { authorization: `Bearer ${forged}` },
        ...(one.method === 'GET' || one.method === 'DELETE' ? {} : { body: '{}' }),
      })
      const { status, body } = await expectRefusal(answer)
      expect([status, body.code]).toEqual([401, 'invalid_token'])
    }
  })

  it.each([
    'password',
    '123456789012345',
    'passwordpassword',
    'qwertyuiopasdfgh',
    '1qaz2wsx3edc4rfv',
    'iloveyouiloveyou',
    'aaaaaaaaaaaaaaaa',
    'Example Shop 2026!',
  ])('nobody gets an account with the password "%s", which is guessed first', async (password) => {
    const refused = await post('/api/users/register', { email: `${crypto.randomUUID()}@example.com`, password })
    expect(codeOf(refused)).toEqual([422, 'invalid_password'])
  })

  it('one kind of token is never taken for another', async () => {
    const { token, refreshToken } = await stage.shop.signUp()
    const product = await stage.shop.addProduct(stage.admin)
    const items = [{ product_id: product.id, quantity: 1 }]
    const guest = await post('/api/orders', { items, email: 'guest@example.com' })
    const cart = await post('/api/carts', { items })
    const others = [refreshToken, guest.body.order_token, cart.body.cart_token]
    for (const other of others) {
      expect(codeOf(await post('/api/users/logout-all', undefined, other))).toEqual([401, 'invalid_token'])
    }
    for (const other of [token, guest.body.order_token, cart.body.cart_token]) {
      expect([401, 422]).toContain((await post('/api/users/refresh', { refresh_token: other })).status)
      const body = { token: other, new_password: PASSWORD }
      expect(codeOf(await post('/api/users/password-reset/confirm', body))[0]).toBeGreaterThanOrEqual(400)
    }
    const headers = { 'x-order-token': cart.body.cart_token }
    expect((await stage.shop.request('GET', `/api/orders/${guest.body.order.id}`, { headers })).status).toBe(404)
  })

  it('the answers of a sign-in, a reset and a verification are the same for an address without an account', async () => {
    const { email } = await stage.shop.signUp()
    const unknown = `${crypto.randomUUID()}@example.com`
    const shown = ({ status, body }: Reply) => [status, { ...body, request_id: '' }]
    const headersOf = ({ headers }: Reply) => [...headers.keys()].filter((name) => name !== 'server-timing').sort()
    for (const path of ['/api/users/login', '/api/users/password-reset', '/api/users/verification']) {
      const bodyOf = (address: string) =>
        path.endsWith('login') ? { email: address, password: 'not the password' } : { email: address }
      const [known, none] = [await post(path, bodyOf(email)), await post(path, bodyOf(unknown))]
      expect(shown(known)).toEqual(shown(none))
      expect(headersOf(known)).toEqual(headersOf(none))
    }
  })

  it('a reset by mail does not get past a second factor', async () => {
    const owner = await stage.shop.signUp()
    const link = await mailedToken(stage.platform, { email: owner.email, kind: 'verification' })
    expect((await post('/api/users/verification/confirm', { token: link })).status).toBe(200)
    const enrolled = (await post('/api/users/factors/totp', { name: 'Phone' }, owner.token)).body
    const code = await totpCode(enrolled.secret)
    expect((await post(`/api/users/factors/${enrolled.factor.id}/confirm`, { code }, owner.token)).status).toBe(200)
    await post('/api/users/password-reset', { email: owner.email })
    const token = await mailedToken(stage.platform, { email: owner.email, kind: 'password_reset' })
    const reset = await post('/api/users/password-reset/confirm', { token, new_password: 'another long passphrase' })
    expect([reset.status, reset.body.token]).toEqual([200, undefined])
    const signedIn = await post('/api/users/login', { email: owner.email, password: 'another long passphrase' })
    expect([signedIn.body.mfa_required, signedIn.body.token]).toEqual([true, undefined])
  })

  it('a botnet that tries a leaked list on one account gets 20 tries, and then not even with the right password', async () => {
    const victim = await stage.shop.signUp()
    let machines = 0
    const tryAt = (password: string) => {
      machines += 1
      const headers = { 'cf-connecting-ip': `10.66.0.${machines}` }
      return post('/api/users/login', { email: victim.email, password }, undefined, headers)
    }
    const statuses: number[] = []
    for (let n = 0; n < 25; n += 1) statuses.push((await tryAt(`leaked password ${n}`)).status)
    expect(statuses).toEqual([...Array(20).fill(401), ...Array(5).fill(429)])
    expect((await tryAt(victim.password)).status).toBe(429)
  })

  it.each(['admin', 'root', 'test', 'demo', 'support'])('there is no account %s to begin with', async (name) => {
    for (const password of ['for-local-staff-only', 'for-local-buyers-only', 'admin', 'password', 'changeme']) {
      const answer = await post('/api/users/login', { email: `${name}@example.com`, password })
      expect([401, 429]).toContain(answer.status)
    }
  })
})
