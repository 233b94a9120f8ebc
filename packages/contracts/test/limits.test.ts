import { describe, expect, it } from 'vitest'
import type { Limit } from '../src/limit.ts'
import { describeLimits, LIMITS, raisedLocally } from '../src/limits.ts'

const ALL: Limit[] = Object.values(LIMITS)

describe('the table of limits', () => {
  it('gives each limit a unique name that a header can carry', () => {
    const names = ALL.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z-]+$/)
  })

  it('allows strangers 20 wrong passwords of an account in an hour, and each address 5 before it has to wait', () => {
    expect(LIMITS.accountFailures).toMatchObject({ counts: 'failures', quota: 20, windowSeconds: 3_600 })
    expect(LIMITS.signInFailures).toMatchObject({ counts: 'failures', quota: 5, firstDelaySeconds: 15 })
  })

  it('allows one address 600 requests a minute locally, and no more guesses than in production', () => {
    const raised = ALL.map(raisedLocally)
    for (const [index, limit] of raised.entries()) {
      if (limit.per === 'client address') expect((limit.quota * 60) / limit.windowSeconds).toBeGreaterThanOrEqual(600)
      else expect(limit).toEqual(ALL[index])
    }
    expect(raisedLocally(LIMITS.registration).quota).toBe(36_000)
  })

  it('describes itself in words', () => {
    expect(describeLimits(LIMITS.signIn, LIMITS.signInFailures)).toBe(
      'Limited to 30 failures per client address in 10 minutes, and to 5 failures per account and client address, or ' +
        'known device, in an hour before delays that grow.',
    )
  })
})
