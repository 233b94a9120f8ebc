import type { SessionId, User } from '@shop/contracts'
import { describe, expect, it } from 'vitest'
import { refreshSession } from '../../src/operations/refresh-session.ts'
import type { Deps, UserStore } from '../../src/ports.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const SESSION: SessionId = 'session_01jd4k2v9rf0fv8z3x1m5q7w2e'
const USER: User = {
  id: 'user_01jd4k2v9rf0fv8z3x1m5q7w2e',
  email: 'ada@example.com',
  name: null,
  role: 'customer',
  createdAt: NOW,
}

function depsWith(users: Partial<UserStore>) {
  const ended: SessionId[] = []
  const deps = {
    users: { endSession: async (id: SessionId) => void ended.push(id), ...users },
    refreshTokens: { hash: async (token: string) => `#${token}`, successor: async (token: string) => `${token}+` },
    signAccessToken: async (claims: { sub: string }) => `token of ${claims.sub}`,
    issuer: 'i',
    audience: 'a',
    newTokenId: () => 'id',
    now: () => NOW,
  }
  // What the operation does not use is left out: using it would show as a TypeError.
  return { deps: deps as unknown as Deps, ended }
}

const spent = (secondsAgo: number) => ({
  user: USER,
  sessionId: SESSION,
  usedAt: new Date(NOW.getTime() - secondsAgo * 1000),
  expiresAt: new Date('2026-12-23T10:00:00.000Z'),
  sessionEnded: false,
  hasSuccessor: true,
})
const used = async () => null

describe('refreshSession', () => {
  it('gives the successor of a token that is good, and keeps only hashes', async () => {
    const { deps } = depsWith({
      rotateRefreshToken: async ({ tokenHash, successorHash, expiresAt }) => {
        expect({ tokenHash, successorHash }).toEqual({ tokenHash: '#first', successorHash: '#first+' })
        expect(expiresAt.toISOString()).toBe('2026-12-23T10:00:00.000Z')
        return USER
      },
    })
    const session = { user: USER, token: `token of ${USER.id}`, refreshToken: 'first+' }
    expect(await refreshSession(deps, 'first')).toEqual({ ok: true, value: session })
  })

  it('gives the same successor to a client whose answer was lost', async () => {
    const { deps, ended } = depsWith({ rotateRefreshToken: used, findSpentRefreshToken: async () => spent(3) })
    expect(await refreshSession(deps, 'first')).toMatchObject({ ok: true, value: { refreshToken: 'first+' } })
    expect(ended).toEqual([])
  })

  it('ends the session when a token is used again later', async () => {
    const { deps, ended } = depsWith({ rotateRefreshToken: used, findSpentRefreshToken: async () => spent(11) })
    expect(await refreshSession(deps, 'first')).toEqual({ ok: false, failure: { code: 'invalid_refresh_token' } })
    expect(ended).toEqual([SESSION])
  })

  it('refuses a token that nobody was given', async () => {
    const { deps } = depsWith({ rotateRefreshToken: used, findSpentRefreshToken: used })
    expect(await refreshSession(deps, 'first')).toEqual({ ok: false, failure: { code: 'invalid_refresh_token' } })
  })
})
