import type { RequestOptions } from '@shop/testing/client'
import type { Stage } from '../support/use-platform.ts'
import { at, type Rows, same, signedIn, staffOnly } from './row.ts'

/** Accounts, their sessions, factors and address books. */
export function accountRows(stage: Stage, secret: string): Rows {
  /** A further session of the customer. */
  async function newSession(): Promise<string> {
    const { shop, customer } = stage
    const { email, password } = customer
    const { token } = (await shop.request('POST', '/api/users/login', { body: { email, password } })).body
    const { sessions } = (await shop.request('GET', '/api/users/sessions', { token })).body
    return sessions.find(({ current }) => current)?.id ?? ''
  }

  /** In the address book of the customer. */
  const address = { line1: secret, city: 'Springfield', region: 'IL', postal_code: '62701', country: 'US' }
  const entryOwnerOnly = { anonymous: 401, customer: 200, stranger: 404, admin: 404 }
  const onAddress =
    (options: RequestOptions = {}) =>
    async () => {
      const { shop, customer } = stage
      const made = await shop.request('POST', '/api/users/addresses', { token: customer.token, body: address })
      return { path: `/api/users/addresses/${made.body.address.id}`, ...options }
    }
  /** An answer of a passkey that nobody has. */
  const ofNoPasskey = (response: object) => ({
    id: 'AA',
    rawId: 'AA',
    type: 'public-key',
    response: { clientDataJSON: 'AA', ...response },
  })

  return {
    registerUser: {
      call: async () => {
        const email = `${crypto.randomUUID()}@example.com`
        return { path: '/api/users/register', body: { email, password: 'a long enough passphrase' } }
      },
      answers: same(201),
    },
    loginUser: {
      call: async () => {
        const { email, password } = stage.customer
        return { path: '/api/users/login', body: { email, password } }
      },
      answers: same(200),
    },
    refreshSession: {
      call: async () => ({
        path: '/api/users/refresh',
        body: { refresh_token: (await stage.shop.signUp()).refreshToken },
      }),
      answers: same(200),
    },
    logoutUser: {
      call: async () => ({
        path: '/api/users/logout',
        body: { refresh_token: (await stage.shop.signUp()).refreshToken },
      }),
      answers: same(200),
    },
    logoutAll: {
      call: at('/api/users/logout-all'),
      answers: signedIn(200),
      signsOut: true,
    },
    listSessions: { call: at('/api/users/sessions'), answers: signedIn(200) },
    endSession: {
      call: async () => ({ path: `/api/users/sessions/${await newSession()}` }),
      answers: { ...signedIn(404), customer: 200 },
    },
    loginWithFactor: {
      call: at('/api/users/login/factor', { body: { mfa_token: 'none', code: '123456' } }),
      answers: same(401),
    },
    startPasskeyLogin: { call: at('/api/users/login/passkey/options', { body: {} }), answers: same(200) },
    loginWithPasskey: {
      call: at('/api/users/login/passkey', {
        body: { passkey: ofNoPasskey({ authenticatorData: 'AA', signature: 'AA' }) },
      }),
      answers: same(401),
    },
    startStepUp: { call: at('/api/users/step-up/options'), answers: signedIn(409) },
    stepUp: {
      call: at('/api/users/step-up', { body: { password: 'a long enough passphrase' } }),
      answers: signedIn(200),
    },
    listFactors: { call: at('/api/users/factors'), answers: signedIn(200) },
    enrolTotp: { call: at('/api/users/factors/totp', { body: {} }), answers: signedIn(201) },
    replaceRecoveryCodes: { call: at('/api/users/factors/recovery-codes'), answers: signedIn(409) },
    confirmTotp: {
      call: at('/api/users/factors/factor_none/confirm', { body: { code: '123456' } }),
      answers: signedIn(404),
    },
    removeFactor: { call: at('/api/users/factors/factor_none'), answers: signedIn(404) },
    startPasskey: { call: at('/api/users/passkeys/options'), answers: signedIn(200) },
    addPasskey: {
      call: at('/api/users/passkeys', { body: { passkey: ofNoPasskey({ attestationObject: 'AA' }) } }),
      answers: signedIn(403),
    },
    exportAccount: { call: at('/api/users/me/export'), answers: signedIn(200), shows: ['customer'] },
    eraseAccount: { call: at('/api/users/me'), answers: signedIn(200), signsOut: true },
    eraseCustomer: {
      call: async () => ({ path: `/api/users/${(await stage.shop.signUp()).user.id}` }),
      answers: staffOnly(200),
    },
    getProfile: { call: at('/api/users/profile'), answers: signedIn(200) },
    updateProfile: { call: at('/api/users/profile', { body: { locale: 'en' } }), answers: signedIn(200) },
    // Wrong passwords and tokens: what comes of right ones is tested with the recovery of accounts.
    changePassword: {
      call: at('/api/users/password', {
        body: { current_password: 'not the password', new_password: 'violet teapots sing at noon' },
      }),
      answers: signedIn(403),
    },
    changeEmail: {
      call: async () => ({
        path: '/api/users/email',
        body: { new_email: `${crypto.randomUUID()}@example.com`, password: 'not the password' },
      }),
      answers: signedIn(403),
    },
    requestPasswordReset: {
      call: async () => ({
        path: '/api/users/password-reset',
        body: { email: `${crypto.randomUUID()}@example.com` },
      }),
      answers: same(202),
    },
    requestVerification: {
      call: async () => ({ path: '/api/users/verification', body: { email: `${crypto.randomUUID()}@example.com` } }),
      answers: same(202),
    },
    confirmPasswordReset: {
      call: at('/api/users/password-reset/confirm', {
        body: { token: 'unknown', new_password: 'violet teapots sing at noon' },
      }),
      answers: same(422),
    },
    confirmVerification: { call: at('/api/users/verification/confirm', { body: { token: 'x' } }), answers: same(422) },
    confirmEmail: { call: at('/api/users/email/confirm', { body: { token: 'x' } }), answers: same(422) },
    listAddresses: {
      call: async () => {
        await onAddress()()
        return { path: '/api/users/addresses' }
      },
      answers: signedIn(200),
      shows: ['customer'],
    },
    createAddress: {
      call: at('/api/users/addresses', { body: { ...address, line1: '1 Main Street' } }),
      answers: signedIn(201),
    },
    getAddress: { call: onAddress(), answers: entryOwnerOnly, shows: ['customer'] },
    updateAddress: { call: onAddress({ body: { line2: 'Floor 3' } }), answers: entryOwnerOnly, shows: ['customer'] },
    deleteAddress: { call: onAddress(), answers: entryOwnerOnly },
  }
}
