import { ok } from '@shop/kernel/result'
import { describe, expect, it, vi } from 'vitest'
import { renewHash } from '../../src/passwords/renew-hash.ts'

const userId = 'user_01jd4k2v9rf0fv8z3x1m5q7w2e'
const OLD = '$argon2id$v=19$m=12288,t=3,p=1$c2FsdA$dGFn'
const CURRENT = '$argon2id$v=19$m=19456,t=2,p=1$c2FsdA$dGFn'

function shop(hash: () => ReturnType<Parameters<typeof renewHash>[0]['passwords']['hash']>) {
  const renew = vi.fn(async () => {})
  // Members that are not used are left out: using one would throw a TypeError.
  const deps = { passwordHashes: { renew }, passwords: { hash } } as unknown as Parameters<typeof renewHash>[0]
  return { deps, renew }
}

describe('the hash of a password', () => {
  it('is made anew at a sign-in when its parameters are of before', async () => {
    const { deps, renew } = shop(async () => ok(CURRENT))
    expect(await renewHash(deps, { userId, passwordHash: OLD }, 'the password')).toBe(CURRENT)
    expect(renew).toHaveBeenCalledExactlyOnceWith({ userId, from: OLD, to: CURRENT })
  })

  it('stays as it is when its parameters are those of new ones', async () => {
    const hash = vi.fn()
    const { deps, renew } = shop(hash)
    expect(await renewHash(deps, { userId, passwordHash: CURRENT }, 'the password')).toBe(CURRENT)
    expect([hash.mock.calls, renew.mock.calls]).toEqual([[], []])
  })

  it('stays as it is when too many hashes wait, and the sign-in succeeds', async () => {
    const { deps, renew } = shop(async () => ({ ok: false, failure: { code: 'too_busy' } }))
    expect(await renewHash(deps, { userId, passwordHash: OLD }, 'the password')).toBe(OLD)
    expect(renew).not.toHaveBeenCalled()
  })
})
