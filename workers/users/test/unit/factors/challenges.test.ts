import { base64url } from '@shop/kernel/hash'
import { describe, expect, it } from 'vitest'
import type { ChallengeUse } from '../../../src/factors/domain/challenge.ts'
import { createChallenges } from '../../../src/factors/internal/challenges.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const EXPIRY = new Date('2026-11-23T10:05:00.000Z')
const USE: ChallengeUse = { purpose: 'step_up', subject: 'user_1' }
const SECRET = 'a secret of at least 32 characters, for tests'
const challenges = createChallenges([SECRET])
const made = async () => base64url(await challenges.make(USE, NOW))

describe('a challenge', () => {
  it('is accepted for five minutes, and tells when it expires', async () => {
    const challenge = await made()
    expect(await challenges.check(challenge, USE, NOW)).toEqual(EXPIRY)
    expect(await challenges.check(challenge, USE, new Date(EXPIRY.getTime() - 1))).toEqual(EXPIRY)
    expect(await challenges.check(challenge, USE, EXPIRY)).toBeUndefined()
  })

  it('is another one each time', async () => {
    expect(await made()).not.toBe(await made())
  })

  it.each<[string, ChallengeUse]>([
    ['another purpose', { ...USE, purpose: 'register' }],
    ['another account', { ...USE, subject: 'user_2' }],
    ['nobody', { ...USE, subject: '' }],
  ])('is refused for %s', async (_, use) => {
    expect(await challenges.check(await made(), use, NOW)).toBeUndefined()
  })

  it('is refused with any byte changed, cut, extended, or made up', async () => {
    const bytes = await challenges.make(USE, NOW)
    const changed = Array.from(bytes, (_, at) => bytes.map((byte, index) => (index === at ? byte ^ 1 : byte)))
    const others = [
      ...changed,
      bytes.slice(0, 40),
      bytes.slice(0, 24),
      new Uint8Array([...bytes, 0]),
      new Uint8Array(56),
    ]
    const verdicts = await Promise.all(others.map((other) => challenges.check(base64url(other), USE, NOW)))
    expect(verdicts).toEqual(others.map(() => undefined))
    expect(await challenges.check('no base64url!', USE, NOW)).toBeUndefined()
  })

  it('outlives a rotation of the secret', async () => {
    const rotated = createChallenges(['another secret of at least 32 characters', SECRET])
    expect(await rotated.check(await made(), USE, NOW)).toEqual(EXPIRY)
  })
})
