import { describe, expect, it } from 'vitest'
import { inSigningOrder } from '../../src/sessions/domain/signing-keys.ts'
import { publicKeys, SigningKeys } from '../../src/sessions/internal/signing-keys.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const key = (kid: string) => ({ kty: 'OKP' as const, crv: 'Ed25519' as const, x: `public-${kid}`, kid })
const privateKey = (kid: string, activates_at?: string) => ({ ...key(kid), d: `private-${kid}`, activates_at })
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

  it('are all published, without their private parts, also one that does not sign yet', () => {
    const keys = [privateKey('now'), privateKey('soon', '2026-11-23T10:05:00.000Z')]
    const published = publicKeys(SigningKeys.parse(JSON.stringify(keys)), NOW)
    expect(published).toEqual(['now', 'soon'].map((kid) => ({ ...key(kid), use: 'sig', alg: 'EdDSA' })))
  })
})

describe('the key that signs', () => {
  const signing = (...keys: ReturnType<typeof privateKey>[]) => inSigningOrder(keys, NOW)[0]?.kid
  const [before, now, after] = ['2026-11-23T09:00:00.000Z', NOW.toISOString(), '2026-11-23T11:00:00.000Z']

  it('is the one that was activated last', () => {
    expect(signing(privateKey('old'), privateKey('newer', before), privateKey('newest', now))).toBe('newest')
    expect(signing(privateKey('newer', before), privateKey('old'))).toBe('newer')
  })

  it('is none that is still to come, unless there is no other', () => {
    expect(signing(privateKey('old'), privateKey('next', after))).toBe('old')
    expect(signing(privateKey('later', '2026-11-23T12:00:00.000Z'), privateKey('next', after))).toBe('next')
  })

  it('is the first of those that have always been active', () => {
    expect(signing(privateKey('first'), privateKey('second'))).toBe('first')
  })

  it('is never one whose private part is unknown', () => {
    expect(inSigningOrder([key('public'), privateKey('private')], NOW)[0]?.kid).toBe('private')
  })
})
