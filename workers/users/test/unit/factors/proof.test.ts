import { AUTH_METHODS, type AuthMethod } from '@shop/kernel/proof'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { provenBy, strengthened } from '../../../src/factors/domain/proof.ts'

const NOW = new Date('2026-11-23T10:00:00.900Z')
const SECONDS = 1_795_428_000
const methods = fc.uniqueArray(fc.constantFrom(...AUTH_METHODS))

describe('the proof of a session', () => {
  it('is of the last whole second', () => {
    expect(provenBy(['pwd'], NOW)).toEqual({ amr: ['pwd'], authTime: SECONDS })
  })

  it.each<[AuthMethod[], AuthMethod[], AuthMethod[]]>([
    [['pwd'], ['pwd'], ['pwd']],
    [['pwd'], ['otp'], ['pwd', 'otp', 'mfa']],
    [['pwd'], ['pop'], ['pwd', 'pop', 'mfa']],
    [['pop'], ['pwd'], ['pop', 'pwd', 'mfa']],
    [['pop', 'mfa'], ['otp'], ['pop', 'mfa', 'otp']],
    [['otp'], ['pop'], ['otp', 'pop']],
  ])('of %j after %j is %j', (earlier, later, all) => {
    expect(strengthened({ amr: earlier, authTime: 1 }, later, NOW)).toEqual({ amr: all, authTime: SECONDS })
  })

  it('never loses a method, and never becomes older', () => {
    fc.assert(
      fc.property(methods, methods, (earlier, later) => {
        const { amr, authTime } = strengthened({ amr: earlier, authTime: 1 }, later, NOW)
        return [...earlier, ...later].every((one) => amr.includes(one)) && authTime === SECONDS
      }),
    )
  })
})
