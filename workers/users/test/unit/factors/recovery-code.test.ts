import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { normalRecoveryCode, RECOVERY_CODE_BYTES, recoveryCodeOf } from '../../../src/factors/domain/recovery-code.ts'
import { recoveryCodeHash } from '../../../src/factors/internal/check-factor.ts'
import { newRecoveryCodes } from '../../../src/factors/internal/recovery-codes.ts'

const USER = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'
const someBytes = fc.uint8Array({ minLength: RECOVERY_CODE_BYTES, maxLength: RECOVERY_CODE_BYTES })

describe('a recovery code', () => {
  it('has four groups of six letters and digits, without those that look alike', () => {
    fc.assert(
      fc.property(someBytes, (bytes) =>
        /^(?:[0-9a-hjkmnp-tv-z]{6}-){3}[0-9a-hjkmnp-tv-z]{6}$/.test(recoveryCodeOf(bytes)),
      ),
    )
  })

  it('has all its 120 bits: other bytes are another code', () => {
    fc.assert(
      fc.property(someBytes, fc.nat(RECOVERY_CODE_BYTES * 8 - 1), (bytes, bit) => {
        const other = Uint8Array.from(bytes, (byte, index) => (index === bit >> 3 ? byte ^ (1 << (bit & 7)) : byte))
        return recoveryCodeOf(bytes) !== recoveryCodeOf(other)
      }),
    )
  })

  it('is the same however it is typed', () => {
    fc.assert(
      fc.property(someBytes, (bytes) => {
        const code = recoveryCodeOf(bytes)
        const typed = ` ${code.toUpperCase().replaceAll('-', ' ').replaceAll('0', 'O').replaceAll('1', 'l')} `
        return normalRecoveryCode(typed) === normalRecoveryCode(code)
      }),
    )
  })

  it('is stored as a hash that depends on the account', async () => {
    const [one, other] = await Promise.all([recoveryCodeHash(USER, 'abc'), recoveryCodeHash('user_2', 'abc')])
    expect(one).toMatch(/^[0-9a-f]{64}$/)
    expect(one).not.toBe(other)
  })

  it('comes as one of ten, each with its hash', async () => {
    let next = 0
    const bytes = (length: number) => new Uint8Array(length).fill(next++)
    const { codes, codeHashes } = await newRecoveryCodes(bytes, USER)
    expect(new Set(codes).size).toBe(10)
    expect(codeHashes).toEqual(await Promise.all(codes.map((code) => recoveryCodeHash(USER, code))))
  })
})
