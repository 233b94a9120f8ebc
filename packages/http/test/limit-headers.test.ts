import { LIMITS } from '@shop/contracts/limits'
import { describe, expect, it } from 'vitest'
import { formatPolicy, setLimitHeaders } from '../src/limit-headers.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')

describe('the RateLimit headers', () => {
  it('name the quota and window of each limit, and the remaining quota with its reset time', () => {
    const headers = new Headers()
    const resetsAt = new Date('2026-11-23T10:13:51.200Z')
    const statuses = [
      { limit: LIMITS.signIn, isAllowed: true, remaining: 29, resetsAt: new Date('2026-11-23T10:00:59.000Z') },
      { limit: LIMITS.signInFailures, isAllowed: true, remaining: 9, resetsAt },
    ]
    setLimitHeaders(headers, statuses, NOW)
    expect(headers.get('ratelimit-policy')).toBe('"sign-in";q=30;w=600, "sign-in-failures";q=5;w=3600')
    expect(headers.get('ratelimit')).toBe('"sign-in";r=29;t=59, "sign-in-failures";r=9;t=832')
  })

  it('format a policy as the draft does', () => {
    expect(formatPolicy(LIMITS.address)).toBe('"address";q=600;w=60')
  })
})
