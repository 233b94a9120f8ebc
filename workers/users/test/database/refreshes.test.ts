import type { Result } from '@shop/kernel/result'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { accountRepository } from '../../src/accounts/repository/index.ts'
import type { UsersDeps } from '../../src/deps.ts'
import { deviceHashOf } from '../../src/sessions/internal/device-hash.ts'
import { createRefreshTokens } from '../../src/sessions/internal/refresh-tokens.ts'
import { refreshSession } from '../../src/sessions/refresh-session.ts'
import { sessionRepository } from '../../src/sessions/repository/index.ts'
import type { Session } from '../../src/sessions/start-session.ts'
import { firstTokens, NOW, newSession, newUser } from '../support/people.ts'

const DEVICE = '5f0f6b1e-8c55-4f0e-9d0b-3b6f7a2c1d90'

let database: ServiceDatabase
beforeAll(async () => {
  database = await startDatabase()
})
afterAll(() => database.stop())

/** Somebody who has signed in with a device, and what refreshes their session. */
async function signedIn() {
  const db = database.as('users')
  const refreshTokens = createRefreshTokens({
    secrets: () => ['secret'],
    newBytes: () => crypto.getRandomValues(new Uint8Array(32)),
  })
  const told: string[] = []
  let now = NOW
  const deps: Pick<UsersDeps, keyof Parameters<typeof refreshSession>[0]> = {
    sessions: sessionRepository(db),
    refreshTokens,
    revocations: { reach: async () => {}, end: async (_, ids) => void told.push(...ids) },
    signAccessToken: async ({ sid }) => sid,
    issuer: 'i',
    audience: 'a',
    newTokenId: () => 'id',
    now: () => now,
  }
  const user = newUser()
  const refreshToken = refreshTokens.make()
  const tokenHash = await refreshTokens.hash(refreshToken)
  const session = newSession(user.id, { tokenHash, deviceHash: await deviceHashOf(user.id, DEVICE) })
  await accountRepository(db).insert(user, firstTokens(user.id, session))
  const refresh = (token: string, deviceId?: string) => refreshSession(deps, { refreshToken: token, deviceId })
  const passSeconds = (seconds: number) => {
    now = new Date(now.getTime() + seconds * 1_000)
  }
  return { session, refreshToken, refresh, passSeconds, told }
}

const atOnce = <T>(work: () => Promise<T>) => Promise.all(Array.from({ length: 100 }, work))
const tokensOf = (results: Result<Session, unknown>[]) =>
  results.flatMap((result) => (result.ok ? [result.value.refreshToken] : []))

describe('a hundred refreshes at once', () => {
  it('by the device that signed in give one successor, the same to all', async () => {
    const { refreshToken, refresh } = await signedIn()
    const successors = tokensOf(await atOnce(() => refresh(refreshToken, DEVICE)))
    expect([successors.length, new Set(successors).size]).toEqual([100, 1])
    expect(tokensOf([await refresh(successors[0] ?? '')])).toHaveLength(1)
  })

  it('without a device have one winner, and end nothing', async () => {
    const { refreshToken, refresh, told } = await signedIn()
    const results = await atOnce(() => refresh(refreshToken))
    const [winner = '', ...others] = tokensOf(results)
    expect(others).toEqual([])
    const refused = results.filter(({ ok }) => !ok)
    expect(refused).toHaveLength(99)
    for (const each of refused) expect(each).toEqual({ ok: false, failure: { code: 'invalid_refresh_token' } })
    expect(told).toEqual([])
    expect(tokensOf([await refresh(winner)])).toHaveLength(1)
  })

  it('after ten seconds end the session once, even with the device id', async () => {
    const { session, refreshToken, refresh, passSeconds, told } = await signedIn()
    const [successor = ''] = tokensOf([await refresh(refreshToken, DEVICE)])
    passSeconds(10)
    expect(tokensOf([await refresh(refreshToken, DEVICE)])).toEqual([successor])
    passSeconds(1)
    expect(tokensOf(await atOnce(() => refresh(refreshToken, DEVICE)))).toEqual([])
    expect(new Set(told)).toEqual(new Set([session.id]))
    expect(tokensOf([await refresh(successor, DEVICE)])).toEqual([])
  })
})
