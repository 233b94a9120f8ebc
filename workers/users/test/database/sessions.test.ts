import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountRepository, accountRepository } from '../../src/accounts/repository/index.ts'
import type { NewRefreshToken } from '../../src/sessions/domain/refresh-token.ts'
import { type SessionRepository, sessionRepository } from '../../src/sessions/repository.ts'
import { IN_A_MONTH, NOW, newToken, newUser, unique } from '../support/people.ts'

let database: ServiceDatabase
let accounts: AccountRepository
let sessions: SessionRepository

beforeAll(async () => {
  database = await startDatabase()
  accounts = accountRepository(database.as('users'))
  sessions = sessionRepository(database.as('users'))
})
afterAll(() => database.stop())

async function signedIn() {
  const user = newUser()
  const token = newToken(user.id)
  await accounts.insert(user, token)
  return { user, token }
}

const rotate = (tokenHash: string, successorHash = unique()) =>
  sessions.rotate({ tokenHash, successorHash, expiresAt: IN_A_MONTH, now: NOW })

describe('rotate', () => {
  it('lets one of two simultaneous refreshes win, in one round trip each', async () => {
    const { user, token } = await signedIn()
    const successor = unique()
    database.resetCounts()
    const winners = await Promise.all([rotate(token.tokenHash, successor), rotate(token.tokenHash, successor)])
    expect(database.counts().roundTrips).toBe(2)
    expect(winners.filter((winner) => winner !== undefined)).toEqual([
      {
        user: { id: user.id, email: user.email, name: user.name, role: user.role, createdAt: user.createdAt },
        sessionId: token.sessionId,
        proof: token.proof,
      },
    ])
    const spent = await sessions.findSpent({ tokenHash: token.tokenHash, successorHash: successor })
    expect(spent).toMatchObject({
      usedAt: NOW,
      expiresAt: IN_A_MONTH,
      sessionEnded: false,
      hasSuccessor: true,
      proof: token.proof,
    })
    expect(await rotate(successor)).toBeDefined()
  })

  it.each(['unknown', 'expired', 'revoked'] as const)('refuses a token that is %s', async (state) => {
    const user = newUser()
    const token = { ...newToken(user.id), ...(state === 'expired' ? { expiresAt: NOW } : {}) }
    await accounts.insert(user, token)
    if (state === 'revoked') await sessions.end(token.sessionId, NOW)
    expect(await rotate(state === 'unknown' ? unique() : token.tokenHash)).toBeUndefined()
  })

  it('refuses a successor that was being saved while its session ended', async () => {
    const { user, token } = await signedIn()
    await sessions.endByToken(token.tokenHash, NOW)
    const late = newToken(user.id, token.sessionId)
    await sessions.save(late)
    expect(await rotate(late.tokenHash)).toBeUndefined()
  })
})

describe('endByToken', () => {
  it('ends the session of a token that was used already, and no other session of the user', async () => {
    const { user, token } = await signedIn()
    const other = newToken(user.id)
    await sessions.save(other)
    const successor = unique()
    await rotate(token.tokenHash, successor)
    await sessions.endByToken(token.tokenHash, NOW)
    expect(await rotate(successor)).toBeUndefined()
    expect(await rotate(other.tokenHash)).toBeDefined()
  })
})

describe('prune', () => {
  it('keeps a revoked token until its whole session has expired', async () => {
    const { user, token } = await signedIn()
    const old = { ...newToken(user.id, token.sessionId), expiresAt: NOW }
    const expired = { ...newToken(user.id), expiresAt: NOW }
    await sessions.save(old)
    await sessions.save(expired)
    await sessions.end(token.sessionId, NOW)
    const later = new Date(NOW.getTime() + 1000)
    expect(await sessions.prune(later)).toBeGreaterThanOrEqual(1)
    const found = ({ tokenHash }: NewRefreshToken) => sessions.findSpent({ tokenHash, successorHash: '' })
    expect(await found(expired)).toBeUndefined()
    expect(await found(old)).toMatchObject({ sessionEnded: true })
  })
})
