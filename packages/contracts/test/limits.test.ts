import { describe, expect, it } from 'vitest'
import { describeLimits, LIMITS, type Limit, raisedLocally } from '../src/limits.ts'

const ALL: Limit[] = Object.values(LIMITS)

describe('the table of limits', () => {
  it('gives each limit a unique name that a header can carry', () => {
    const names = ALL.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z-]+$/)
  })

  it('allows 10 wrong passwords of an account from one address in 15 minutes, and 100 in an hour from everywhere', () => {
    expect(LIMITS.signInFailures).toMatchObject({ counts: 'failures', quota: 10, windowSeconds: 900 })
    expect(LIMITS.accountFailures).toMatchObject({ counts: 'failures', quota: 100, windowSeconds: 3_600 })
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
      'Limited to 30 requests per client address in a minute, and to 10 failures per account and client address in 15 minutes.',
    )
  })
})
