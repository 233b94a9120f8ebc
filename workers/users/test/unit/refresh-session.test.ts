import type { SessionId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import { describe, expect, it } from 'vitest'
import type { User } from '../../src/accounts/domain/user.ts'
import type { UsersDeps } from '../../src/deps.ts'
import type { AccessClaims } from '../../src/sessions/domain/access-token.ts'
import { refreshSession } from '../../src/sessions/refresh-session.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const SESSION: SessionId = 'session_01jd4k2v9rf0fv8z3x1m5q7w2e'
const PROOF: Proof = { amr: ['pwd'], authTime: 1_795_400_000 }
const USER: User = {
  id: 'user_01jd4k2v9rf0fv8z3x1m5q7w2e',
  email: 'ada@example.com',
  name: null,
  role: 'customer',
  createdAt: NOW,
}

function depsWith(sessions: Partial<UsersDeps['sessions']>) {
  const ended: SessionId[] = []
  const deps = {
    sessions: { end: async (id: SessionId) => void ended.push(id), ...sessions },
    refreshTokens: { hash: async (token: string) => `#${token}`, successor: async (token: string) => `${token}+` },
    signAccessToken: async ({ sub, sid, auth_time }: AccessClaims) => `token of ${sub} in ${sid} since ${auth_time}`,
    issuer: 'i',
    audience: 'a',
    newTokenId: () => 'id',
    now: () => NOW,
  }
  // Members that the operation does not use are left out: using one would throw a TypeError.
  return { deps: deps as unknown as UsersDeps, ended }
}

const spent = (secondsAgo: number) => ({
  user: USER,
  sessionId: SESSION,
  proof: PROOF,
  usedAt: new Date(NOW.getTime() - secondsAgo * 1000),
  expiresAt: new Date('2026-12-23T10:00:00.000Z'),
  sessionEnded: false,
  hasSuccessor: true,
})
const absent = async () => undefined

describe('refreshSession', () => {
  it('answers with the successor of a valid token, and stores only hashes', async () => {
    const { deps } = depsWith({
      rotate: async ({ tokenHash, successorHash, expiresAt }) => {
        expect({ tokenHash, successorHash }).toEqual({ tokenHash: '#first', successorHash: '#first+' })
        expect(expiresAt.toISOString()).toBe('2026-12-23T10:00:00.000Z')
        return { user: USER, sessionId: SESSION, proof: PROOF }
      },
    })
    const token = `token of ${USER.id} in ${SESSION} since ${PROOF.authTime}`
    const session = { user: USER, token, refreshToken: 'first+' }
    expect(await refreshSession(deps, 'first')).toEqual({ ok: true, value: session })
  })

  it('answers with the same successor when the client repeats a lost request', async () => {
    const { deps, ended } = depsWith({ rotate: absent, findSpent: async () => spent(3) })
    expect(await refreshSession(deps, 'first')).toMatchObject({ ok: true, value: { refreshToken: 'first+' } })
    expect(ended).toEqual([])
  })

  it('ends the session when a used token appears again later', async () => {
    const { deps, ended } = depsWith({ rotate: absent, findSpent: async () => spent(11) })
    expect(await refreshSession(deps, 'first')).toEqual({ ok: false, failure: { code: 'invalid_refresh_token' } })
    expect(ended).toEqual([SESSION])
  })

  it('refuses an unknown token', async () => {
    const { deps } = depsWith({ rotate: absent, findSpent: absent })
    expect(await refreshSession(deps, 'first')).toEqual({ ok: false, failure: { code: 'invalid_refresh_token' } })
  })
})
