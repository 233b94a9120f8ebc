import { describe, expect, it } from 'vitest'
import { publicKeys, SigningKeys } from '../../src/sessions/internal/signing-keys.ts'

const key = (kid: string) => ({ kty: 'OKP', crv: 'Ed25519', x: `public-${kid}`, kid })
const privateKey = (kid: string) => ({ ...key(kid), d: `private-${kid}` })
const parse = (keys: unknown) => SigningKeys.safeParse(JSON.stringify(keys))

describe('the signing keys', () => {
  it('start with a private one; former ones may be public', () => {
    expect(parse([privateKey('new'), key('old')]).success).toBe(true)
    expect(parse([key('new'), privateKey('old')]).success).toBe(false)
    expect(parse([]).success).toBe(false)
  })

  it('have distinct kids', () => {
    expect(parse([privateKey('one'), key('one')]).success).toBe(false)
  })

  it('are all published, without their private parts', () => {
    const published = publicKeys(SigningKeys.parse(JSON.stringify([privateKey('new'), privateKey('old')])))
    expect(published).toEqual(['new', 'old'].map((kid) => ({ ...key(kid), use: 'sig', alg: 'EdDSA' })))
  })
})
