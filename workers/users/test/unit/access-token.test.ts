import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { accessClaims } from '../../src/sessions/domain/access-token.ts'
import { createSigner, publicKeys, SigningKeys } from '../../src/sessions/internal/signing-keys.ts'
import { newUser } from '../support/people.ts'

const NOW = new Date('2026-11-23T10:00:00.900Z')
const { passwordHash: _, ...USER } = newUser()
const CLAIMS = accessClaims(USER, {
  issuer: 'https://shop.example.com',
  audience: 'shop-api',
  id: 'token-1',
  sessionId: 'session_01jd4k2v9rf0fv8z3x1m5q7w2e',
  proof: { amr: ['pwd'], authTime: 1_795_427_900 },
  now: NOW,
})

async function newKey(kid: string, activates_at?: string) {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return { ...(await exportJWK(privateKey)), kid, activates_at }
}

describe('the claims of an access token', () => {
  it('name the user, the session, how it was proved, the audience and an expiry after 10 minutes', () => {
    expect(CLAIMS).toEqual({
      iss: 'https://shop.example.com',
      aud: 'shop-api',
      sub: USER.id,
      sid: 'session_01jd4k2v9rf0fv8z3x1m5q7w2e',
      role: 'customer',
      iat: 1_795_428_000,
      exp: 1_795_428_600,
      jti: 'token-1',
      amr: ['pwd'],
      auth_time: 1_795_427_900,
    })
  })
})

describe('signing keys', () => {
  it('sign with the first key, which its published part verifies', async () => {
    const keys = SigningKeys.parse(JSON.stringify([await newKey('new'), await newKey('old')]))
    const token = await createSigner(keys, () => NOW)(CLAIMS)
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: 'new' })
    expect(decodeJwt(token)).toEqual(CLAIMS)
    const published = publicKeys(keys, NOW)
    expect(Object.keys(published[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    const verifying = await importJWK(published[0] ?? {}, 'EdDSA')
    await jwtVerify(token, verifying, { currentDate: new Date(CLAIMS.iat * 1000) })
  })

  it('sign with a new key from the instant on at which it is activated', async () => {
    const activation = '2026-11-23T10:06:00.000Z'
    const keys = SigningKeys.parse(JSON.stringify([await newKey('current'), await newKey('next', activation)]))
    let now = NOW
    const sign = createSigner(keys, () => now)
    const signedBy = async () => decodeProtectedHeader(await sign(CLAIMS)).kid
    expect(await signedBy()).toBe('current')
    now = new Date(Date.parse(activation) - 1)
    expect(await signedBy()).toBe('current')
    now = new Date(activation)
    expect(await signedBy()).toBe('next')
  })

  it.each([
    ['no JSON', 'not json'],
    ['no key', '[]'],
    ['a public key', '[{"kty":"OKP","crv":"Ed25519","x":"AA","kid":"1"}]'],
    ['a key without a kid', '[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}]'],
    [
      'a key with an unreadable activation',
      '[{"kty":"OKP","crv":"Ed25519","x":"A","d":"A","kid":"1","activates_at":"soon"}]',
    ],
    [
      'two keys of one kid',
      '[{"kty":"OKP","crv":"Ed25519","x":"A","d":"A","kid":"1"},{"kty":"OKP","crv":"Ed25519","x":"B","d":"B","kid":"1"}]',
    ],
  ])('are refused when the environment has %s', (_, text) => {
    expect(SigningKeys.safeParse(text).success).toBe(false)
  })
})
