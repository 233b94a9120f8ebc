import { base64url } from '@shop/kernel/hash'
import { passkeyDevice } from '@shop/testing/passkey-device'
import type { AuthenticationResponseJSON, RegistrationResponseJSON } from '@simplewebauthn/server'
import { describe, expect, it } from 'vitest'
import { createPasskeys } from '../../../src/factors/internal/passkeys.ts'

const ORIGIN = 'https://store.example.com'
const passkeys = createPasskeys({
  name: 'Example Shop Ltd',
  id: 'example.com',
  origins: ['https://admin.example.com', ORIGIN],
})
const USER = { id: 'user_01jd4k2v9rf0fv8z3x1m5q7w2e', email: 'ada@example.com', name: null } as const
const CHALLENGE = new Uint8Array(56).fill(7)
const challenge = base64url(CHALLENGE)

const creationOptions = () => passkeys.creationOptions({ user: USER, existing: [], challenge: CHALLENGE })
const requestOptions = () => passkeys.requestOptions({ allowed: [], challenge: CHALLENGE, verifiesUser: true })

/** A device answers the shape that browsers have, which the library types more narrowly. */
const created = (answer: object) => answer as RegistrationResponseJSON
const answered = (answer: object) => answer as AuthenticationResponseJSON

async function registered(counts = true) {
  const device = await passkeyDevice({ origin: ORIGIN, counts })
  const passkey = await passkeys.verifyCreation(created(await device.create(await creationOptions())), challenge)
  if (passkey === undefined) throw new Error('The passkey was refused')
  return { device, passkey }
}

describe('the options for a new passkey', () => {
  it('name the shop and the account, ask for no attestation, and exclude what the account has', async () => {
    const existing = [{ credentialId: 'AAAA', transports: ['usb'] }]
    expect(await passkeys.creationOptions({ user: USER, existing, challenge: CHALLENGE })).toMatchObject({
      challenge,
      rp: { id: 'example.com', name: 'Example Shop Ltd' },
      user: { id: base64url(new TextEncoder().encode(USER.id)), name: 'ada@example.com' },
      attestation: 'none',
      excludeCredentials: [{ id: 'AAAA', type: 'public-key', transports: ['usb'] }],
      authenticatorSelection: { residentKey: 'preferred', userVerification: 'preferred' },
    })
  })
})

describe('a new passkey', () => {
  it('is accepted from each page of the shop', async () => {
    const { passkey } = await registered()
    expect(passkey).toMatchObject({ signCount: 1, transports: ['internal'], isBackedUp: false })
    const device = await passkeyDevice({ origin: 'https://admin.example.com' })
    expect(
      await passkeys.verifyCreation(created(await device.create(await creationOptions())), challenge),
    ).toBeDefined()
  })

  it.each([
    ['another page', { origin: 'https://evil.example.com' }, {}],
    ['a page that begins alike', { origin: `${ORIGIN}.evil.example` }, {}],
    ['another domain', {}, { rp: { id: 'example.net' } }],
    ['another challenge', {}, { challenge: base64url(new Uint8Array(56)) }],
  ])('is refused from %s', async (_, over, options) => {
    const device = await passkeyDevice({ origin: ORIGIN })
    const answer = await device.create({ ...(await creationOptions()), ...options }, over)
    expect(await passkeys.verifyCreation(created(answer), challenge)).toBeUndefined()
  })

  it('is refused when it is no passkey at all', async () => {
    const device = await passkeyDevice({ origin: ORIGIN })
    const answer = await device.create(await creationOptions())
    const broken = { ...answer, response: { ...answer.response, attestationObject: 'AAAA' } }
    expect(await passkeys.verifyCreation(created(broken), challenge)).toBeUndefined()
  })
})

describe('the answer of a passkey', () => {
  const rules = (passkey: Awaited<ReturnType<typeof registered>>['passkey'], verifiesUser = true) => ({
    passkey,
    challenge,
    verifiesUser,
  })

  it('is accepted, and tells the count of its signatures', async () => {
    const { device, passkey } = await registered()
    const answer = answered(await device.get(await requestOptions()))
    expect(await passkeys.verifyRequest(answer, rules(passkey))).toEqual({ signCount: 2, isBackedUp: false })
  })

  it('is accepted from a passkey that does not count', async () => {
    const { device, passkey } = await registered(false)
    const answer = answered(await device.get(await requestOptions()))
    expect(await passkeys.verifyRequest(answer, rules(passkey))).toEqual({ signCount: 0, isBackedUp: false })
  })

  it.each([
    ['from another page', { origin: 'https://evil.example.com' }, {}],
    ['for another domain', {}, { rpId: 'example.net' }],
    ['to another challenge', {}, { challenge: base64url(new Uint8Array(56)) }],
    ['of a copy that counts on its own', { count: 1 }, {}],
    ['that stopped counting', { count: 0 }, {}],
  ])('is refused %s', async (_, over, options) => {
    const { device, passkey } = await registered()
    const answer = answered(await device.get({ ...(await requestOptions()), ...options }, over))
    expect(await passkeys.verifyRequest(answer, rules(passkey))).toBeUndefined()
  })

  it('is refused with the signature of another passkey', async () => {
    const { passkey } = await registered()
    const other = await registered()
    const answer = answered(await other.device.get(await requestOptions()))
    expect(await passkeys.verifyRequest(answer, rules(passkey))).toBeUndefined()
  })

  it('needs a verified user only where the passkey signs in alone', async () => {
    const { device, passkey } = await registered()
    const answer = answered(await device.get(await requestOptions(), { verifiesUser: false }))
    expect(await passkeys.verifyRequest(answer, rules(passkey))).toBeUndefined()
    expect(await passkeys.verifyRequest(answer, rules(passkey, false))).toMatchObject({ signCount: 2 })
  })

  it('of a new passkey is no answer to a sign-in', async () => {
    const { device, passkey } = await registered()
    const { response } = await device.create(await creationOptions())
    const answer = await device.get(await requestOptions())
    const mixed = { ...answer, response: { ...answer.response, clientDataJSON: response.clientDataJSON } }
    expect(await passkeys.verifyRequest(answered(mixed), rules(passkey))).toBeUndefined()
  })
})
