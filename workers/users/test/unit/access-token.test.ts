import { decodeJwt, decodeProtectedHeader, exportJWK, generateKeyPair, importJWK, jwtVerify } from 'jose'
import { describe, expect, it } from 'vitest'
import { accessClaims } from '../../src/sessions/domain/access-token.ts'
import { createSigner, publicKeys, SigningKeys } from '../../src/sessions/internal/signing-keys.ts'
import { newUser } from '../support/people.ts'

const { passwordHash: _, ...USER } = newUser()
const CLAIMS = accessClaims(USER, {
  issuer: 'https://shop.example.com',
  audience: 'shop-api',
  id: 'token-1',
  now: new Date('2026-11-23T10:00:00.900Z'),
})

async function newKey(kid: string) {
  const { privateKey } = await generateKeyPair('EdDSA', { crv: 'Ed25519', extractable: true })
  return { ...(await exportJWK(privateKey)), kid }
}

describe('the claims of an access token', () => {
  it('name the user, the audience and an expiry after 15 minutes', () => {
    expect(CLAIMS).toEqual({
      iss: 'https://shop.example.com',
      aud: 'shop-api',
      sub: USER.id,
      role: 'customer',
      iat: 1_795_428_000,
      exp: 1_795_428_900,
      jti: 'token-1',
    })
  })
})

describe('signing keys', () => {
  it('sign with the first key, which its published part verifies', async () => {
    const [key] = SigningKeys.parse(JSON.stringify([await newKey('new'), await newKey('old')]))
    const token = await createSigner(key)(CLAIMS)
    expect(decodeProtectedHeader(token)).toEqual({ alg: 'EdDSA', typ: 'at+jwt', kid: 'new' })
    expect(decodeJwt(token)).toEqual(CLAIMS)
    const published = publicKeys([key])
    expect(Object.keys(published[0] ?? {}).sort()).toEqual(['alg', 'crv', 'kid', 'kty', 'use', 'x'])
    const verifying = await importJWK(published[0] ?? {}, 'EdDSA')
    await jwtVerify(token, verifying, { currentDate: new Date(CLAIMS.iat * 1000) })
  })

  it.each([
    ['no JSON', 'not json'],
    ['no key', '[]'],
    ['a public key', '[{"kty":"OKP","crv":"Ed25519","x":"AA","kid":"1"}]'],
    ['a key without a kid', '[{"kty":"OKP","crv":"Ed25519","x":"AA","d":"AA"}]'],
    [
      'two keys of one kid',
      '[{"kty":"OKP","crv":"Ed25519","x":"A","d":"A","kid":"1"},{"kty":"OKP","crv":"Ed25519","x":"B","d":"B","kid":"1"}]',
    ],
  ])('are refused when the environment has %s', (_, text) => {
    expect(SigningKeys.safeParse(text).success).toBe(false)
  })
})
