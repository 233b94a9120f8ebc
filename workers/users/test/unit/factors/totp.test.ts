import { totpCode } from '@shop/testing/totp-device'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { base32, otpauthUri, stepOfCode } from '../../../src/factors/internal/totp.ts'

/** The secret of the test vectors of RFC 6238, appendix B, for SHA-1. */
const RFC_SECRET = new Uint8Array(new TextEncoder().encode('12345678901234567890'))
const aSecret = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => new Uint8Array(bytes))
/** From 2001 to 2096: later counters have more than 32 bits, which RFC 6238 has a vector for. */
const aTime = fc.integer({ min: 1e12, max: 4e12 })

describe('the code of an authenticator app', () => {
  // Six digits are the last six of the eight in the RFC.
  it.each([
    [59, '287082', 0x1],
    [1_111_111_109, '081804', 0x23523ec],
    [1_111_111_111, '050471', 0x23523ed],
    [1_234_567_890, '005924', 0x273ef07],
    [2_000_000_000, '279037', 0x3f940aa],
    [20_000_000_000, '353130', 0x27bc86aa],
  ])('at %i s is that of RFC 6238', (seconds, code, step) => {
    expect(stepOfCode(RFC_SECRET, code, new Date(seconds * 1_000))).toBe(step)
  })

  it('is accepted in its own step and in those before and after, and names its step', () =>
    fc.assert(
      fc.asyncProperty(aSecret, aTime, fc.integer({ min: -1, max: 1 }), async (secret, now, steps) => {
        const code = await totpCode(base32(secret), steps, now)
        const found = stepOfCode(secret, code, new Date(now))
        // Codes of two steps may be equal by chance: then the nearer one counts.
        return found !== undefined && (await totpCode(base32(secret), 0, found * 30_000)) === code
      }),
    ))

  it('is refused further away', async () => {
    const now = 1_111_111_111_000
    const refused = await Promise.all([-3, -2, 2, 3].map((steps) => totpCode(base32(RFC_SECRET), steps, now)))
    expect(refused.map((code) => stepOfCode(RFC_SECRET, code, new Date(now)))).toEqual(Array(4).fill(undefined))
  })

  it.each(['', '28708', '2870820', '94287082', 'abcdef', '-87082'])('is never %j', (code) => {
    expect(stepOfCode(RFC_SECRET, code, new Date(59_000))).toBeUndefined()
  })
})

describe('the QR code of an authenticator app', () => {
  it('names the shop and the account, and has the secret with what it is used for', () => {
    const uri = new URL(otpauthUri(RFC_SECRET, { issuer: 'Example Shop Ltd', label: 'ada@example.com' }))
    expect(`${uri.protocol}//${uri.host}${decodeURIComponent(uri.pathname)}`).toBe(
      'otpauth://totp/Example Shop Ltd:ada@example.com',
    )
    expect(Object.fromEntries(uri.searchParams)).toEqual({
      issuer: 'Example Shop Ltd',
      secret: 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ',
      algorithm: 'SHA1',
      digits: '6',
      period: '30',
    })
  })
})
