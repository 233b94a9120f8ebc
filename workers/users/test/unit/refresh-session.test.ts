import type { SessionId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import { describe, expect, it, vi } from 'vitest'
import type { User } from '../../src/accounts/domain/user.ts'
import type { UsersDeps } from '../../src/deps.ts'
import { deviceHashOf } from '../../src/sessions/internal/device-hash.ts'
import { refreshSession } from '../../src/sessions/refresh-session.ts'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const SESSION: SessionId = 'session_01jd4k2v9rf0fv8z3x1m5q7w2e'
const PROOF: Proof = { amr: ['pwd'], authTime: 1_795_400_000 }
const USER: User = {
  id: 'user_01jd4k2v9rf0fv8z3x1m5q7w2e',
  email: 'ada@example.com',
  emailVerified: true,
  name: null,
  locale: null,
  phone: null,
  marketingConsent: false,
  role: 'customer',
  createdAt: NOW,
  version: 1,
}
const DEVICE = 'a random id of a device'

type Sessions = Partial<UsersDeps['sessions']>

function depsWith(sessions: Sessions, isObjectAway = false) {
  const ended: unknown[] = []
  const told: unknown[] = []
  const deps: Partial<UsersDeps> = {
    sessions: {
      end: async (scope, { reason }) => {
        ended.push({ ...scope, reason })
        return [{ userId: USER.id, sessionId: SESSION }]
      },
      ...sessions,
    } as UsersDeps['sessions'],
    revocations: {
      reach: async () => {},
      end: async (userId, ids) => {
        if (isObjectAway) throw new Error('away')
        told.push([userId, ...ids])
      },
    },
    refreshTokens: {
      make: () => '',
      hash: async (token) => `#${token}`,
      successors: async (token) => [`${token}+`, `${token}~`],
    },
    signAccessToken: async ({ sub, sid, auth_time }) => `token of ${sub} in ${sid} since ${auth_time}`,
    issuer: 'i',
    audience: 'a',
    newTokenId: () => 'id',
    now: () => NOW,
  }
  // Members that the operation does not use are left out: using one would throw a TypeError.
  return { deps: deps as UsersDeps, ended, told }
}

const spent = (secondsAgo: number) => async () => ({
  user: USER,
  sessionId: SESSION,
  proof: PROOF,
  usedAt: new Date(NOW.getTime() - secondsAgo * 1000),
  expiresAt: new Date('2026-12-23T10:00:00.000Z'),
  sessionEnded: false,
  deviceHash: await deviceHashOf(USER.id, DEVICE),
  successorHash: '#first~',
})
const absent = async () => undefined
const invalid = { ok: false, failure: { code: 'invalid_refresh_token' } }

describe('refreshSession', () => {
  it('answers with the successor of a valid token, and stores only hashes', async () => {
    const { deps } = depsWith({
      rotate: async ({ tokenHash, successorHash }) => {
        expect({ tokenHash, successorHash }).toEqual({ tokenHash: '#first', successorHash: '#first+' })
        return { user: USER, sessionId: SESSION, proof: PROOF }
      },
    })
    const token = `token of ${USER.id} in ${SESSION} since ${PROOF.authTime}`
    const session = { user: USER, token, refreshToken: 'first+' }
    expect(await refreshSession(deps, { refreshToken: 'first' })).toEqual({ ok: true, value: session })
  })

  it('gives the device that signed in the same successor again, also one that another key made', async () => {
    const { deps, ended } = depsWith({ rotate: absent, findSpent: spent(3) })
    const repeated = await refreshSession(deps, { refreshToken: 'first', deviceId: DEVICE })
    expect(repeated).toMatchObject({ ok: true, value: { refreshToken: 'first~' } })
    expect(ended).toEqual([])
  })

  it.each([undefined, 'another random id'])('refuses it to the device %s, and ends nothing', async (deviceId) => {
    const { deps, ended } = depsWith({ rotate: absent, findSpent: spent(3) })
    expect(await refreshSession(deps, { refreshToken: 'first', deviceId })).toEqual(invalid)
    expect(ended).toEqual([])
  })

  it('ends the session when a used token appears again later, and access by it', async () => {
    const { deps, ended, told } = depsWith({ rotate: absent, findSpent: spent(11) })
    expect(await refreshSession(deps, { refreshToken: 'first', deviceId: DEVICE })).toEqual(invalid)
    expect(ended).toEqual([{ sessionId: SESSION, reason: 'refresh_token_reused' }])
    expect(told).toEqual([[USER.id, SESSION]])
  })

  it('says so when access could not be ended', async () => {
    vi.spyOn(console, 'error').mockReturnValue()
    const { deps } = depsWith({ rotate: absent, findSpent: spent(11) }, true)
    expect(await refreshSession(deps, { refreshToken: 'first' })).toMatchObject({
      failure: { code: 'service_unavailable' },
    })
  })

  it('refuses an unknown token', async () => {
    const { deps } = depsWith({ rotate: absent, findSpent: absent })
    expect(await refreshSession(deps, { refreshToken: 'first' })).toEqual(invalid)
  })
})
