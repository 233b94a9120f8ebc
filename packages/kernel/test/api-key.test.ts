import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { API_KEY_KINDS, apiKeyHint, apiKeyKind, isApiKeyLike, newApiKey } from '../src/api-key.ts'

const bytes = fc.uint8Array({ minLength: 24, maxLength: 24 })
const kinds = fc.constantFrom(...API_KEY_KINDS)

describe('an API key', () => {
  it('says what it is, and has 192 random bits and a checksum', () => {
    const secret = newApiKey('secret', new Uint8Array(24).fill(255))
    expect(secret).toMatch(/^shop_sk_[0-9A-Za-z]{39}$/)
    expect(newApiKey('publishable', new Uint8Array(24))).toMatch(/^shop_pk_0{33}[0-9A-Za-z]{6}$/)
    expect(apiKeyHint(secret)).toHaveLength('shop_sk_'.length + 4)
    expect(() => newApiKey('secret', new Uint8Array(16))).toThrow(RangeError)
  })

  it('is recognized, whatever its random part', () => {
    fc.assert(
      fc.property(kinds, bytes, (kind, random) => {
        const key = newApiKey(kind, random)
        expect([apiKeyKind(key), isApiKeyLike(key)]).toEqual([kind, true])
      }),
    )
  })

  it('of other random bits is another key', () => {
    fc.assert(
      fc.property(bytes, bytes, (one, other) => {
        fc.pre(one.some((byte, index) => byte !== other[index]))
        expect(newApiKey('secret', one)).not.toBe(newApiKey('secret', other))
      }),
    )
  })

  it('with one character mistyped is none', () => {
    const place = fc.integer({ min: 0, max: 46 })
    const character = fc.constantFrom(...'0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_')
    fc.assert(
      fc.property(bytes, place, character, (random, at, typed) => {
        const key = newApiKey('secret', random)
        const mistyped = `${key.slice(0, at)}${typed}${key.slice(at + 1)}`
        fc.pre(mistyped !== key)
        expect(apiKeyKind(mistyped)).toBeUndefined()
      }),
    )
  })

  it.each(['', 'shop_sk_', 'sk_live_1', 'shop_xk_'.padEnd(47, '0'), 'eyJhbGciOiJFZERTQSJ9.e30.x'])(
    'is never %j',
    (text) => {
      expect(apiKeyKind(text)).toBeUndefined()
    },
  )
})
