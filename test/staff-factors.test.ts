import { passkeyDevice } from '@shop/testing/passkey-device'
import { totpCode } from '@shop/testing/totp-device'
import { describe, expect, it } from 'vitest'
import { usePlatform } from './support/use-platform.ts'

const ORIGIN = 'https://admin.example.com'
const stage = usePlatform({ vars: { STAFF_MFA: 'required', RP_ID: 'example.com', RP_ORIGINS: ORIGIN } })

const post = (path: string, body?: object, token?: string) => stage.shop.request('POST', path, { body, token })
const PRODUCT = { name: 'Mug', price: 12.5 }

describe('where staff need a second factor', () => {
  it('staff without one can only add it', async () => {
    const { token } = stage.admin
    for (const [method, path, body] of [
      ['POST', '/api/products', PRODUCT],
      ['GET', '/api/products', undefined],
      ['GET', '/api/orders', undefined],
      ['GET', '/api/events/users', undefined],
      ['DELETE', '/api/users/factors/factor_none', undefined],
      ['POST', '/api/users/factors/recovery-codes', undefined],
    ] as const) {
      const refused = await stage.shop.request(method, path, { token, body })
      expect([path, refused.status, refused.body.code]).toEqual([path, 403, 'factor_required'])
    }
    for (const path of ['/api/users/factors', '/api/users/profile', '/api/users/profile/']) {
      expect((await stage.shop.request('GET', path, { token })).status).toBe(200)
    }
  })

  it('customers need none', async () => {
    const { token } = stage.customer
    expect((await stage.shop.request('GET', '/api/orders', { token })).status).toBe(200)
  })

  it('an authenticator app opens everything: at once, after a refresh, and after the next sign-in', async () => {
    const admin = await stage.shop.signUpAdmin()
    const { secret, factor } = (await post('/api/users/factors/totp', {}, admin.token)).body
    const path = `/api/users/factors/${factor.id}/confirm`
    const { token } = (await post(path, { code: await totpCode(secret) }, admin.token)).body
    expect((await post('/api/products', PRODUCT, token)).status).toBe(201)
    const refreshed = await post('/api/users/refresh', { refresh_token: admin.refreshToken })
    expect((await post('/api/products', PRODUCT, refreshed.body.token)).status).toBe(201)
    // The first access token has not proved it.
    expect((await post('/api/products', PRODUCT, admin.token)).status).toBe(403)
    const { mfa_token } = (await post('/api/users/login', { email: admin.email, password: admin.password })).body
    const session = await post('/api/users/login/factor', { mfa_token, code: await totpCode(secret, 1) })
    expect((await post('/api/products', PRODUCT, session.body.token)).status).toBe(201)
  })

  it('so does a passkey', async () => {
    const admin = await stage.shop.signUpAdmin()
    const device = await passkeyDevice({ origin: ORIGIN })
    const { options } = (await post('/api/users/passkeys/options', undefined, admin.token)).body
    const { token } = (await post('/api/users/passkeys', { passkey: await device.create(options) }, admin.token)).body
    expect((await post('/api/products', PRODUCT, token)).status).toBe(201)
  })
})
