import { describe, expect, it } from 'vitest'
import { publicKeys, SigningKeys } from '../../src/signing-keys.ts'

const key = (kid: string) => ({ kty: 'OKP', crv: 'Ed25519', x: `public-${kid}`, kid })
const privateKey = (kid: string) => ({ ...key(kid), d: `private-${kid}` })
const parse = (keys: unknown) => SigningKeys.safeParse(JSON.stringify(keys))

describe('the signing keys', () => {
  it('begin with a private one; of those that signed before, the public part is enough', () => {
    expect(parse([privateKey('new'), key('old')]).success).toBe(true)
    expect(parse([key('new'), privateKey('old')]).success).toBe(false)
    expect(parse([]).success).toBe(false)
  })

  it('have a kid each', () => {
    expect(parse([privateKey('one'), key('one')]).success).toBe(false)
  })

  it('are all published, without what is private', () => {
    const published = publicKeys(SigningKeys.parse(JSON.stringify([privateKey('new'), privateKey('old')])))
    expect(published).toEqual(['new', 'old'].map((kid) => ({ ...key(kid), use: 'sig', alg: 'EdDSA' })))
  })
})
