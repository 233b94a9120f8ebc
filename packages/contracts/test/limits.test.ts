import { describe, expect, it } from 'vitest'
import { formatPolicy, secondsUntil, setLimitHeaders } from '../../http/src/limit-headers.ts'
import { describeLimits, LIMITS, type Limit, raisedLocally } from '../src/limits.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const ALL: Limit[] = Object.values(LIMITS)

describe('the table of limits', () => {
  it('gives each a name of its own that a header can carry', () => {
    const names = ALL.map(({ name }) => name)
    expect(new Set(names).size).toBe(names.length)
    for (const name of names) expect(name).toMatch(/^[a-z-]+$/)
  })

  it('lets nobody guess ten passwords of an account from one address in a quarter of an hour, or 100 from anywhere in one', () => {
    expect(LIMITS.signInFailures).toMatchObject({ counts: 'failures', quota: 10, windowSeconds: 900 })
    expect(LIMITS.accountFailures).toMatchObject({ counts: 'failures', quota: 100, windowSeconds: 3_600 })
  })

  it('lets one address do 600 things a minute locally, and guess no more than in production', () => {
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

describe('the headers of limits', () => {
  it('say quota and window of each, and what remains for how long', () => {
    const headers = new Headers()
    const resetsAt = new Date('2026-11-23T10:13:51.200Z')
    const figures = [
      { limit: LIMITS.signIn, isAllowed: true, remaining: 29, resetsAt: new Date('2026-11-23T10:00:59.000Z') },
      { limit: LIMITS.signInFailures, isAllowed: true, remaining: 9, resetsAt },
    ]
    setLimitHeaders(headers, figures, NOW)
    expect(headers.get('ratelimit-policy')).toBe('"sign-in";q=30;w=60, "sign-in-failures";q=10;w=900')
    expect(headers.get('ratelimit')).toBe('"sign-in";r=29;t=59, "sign-in-failures";r=9;t=832')
  })

  it('name a policy as the draft does', () => {
    expect(formatPolicy(LIMITS.address)).toBe('"address";q=600;w=60')
  })

  it('never say to come back at once', () => {
    expect(secondsUntil(NOW, NOW)).toBe(1)
    expect(secondsUntil(new Date(NOW.getTime() - 5_000), NOW)).toBe(1)
  })
})
