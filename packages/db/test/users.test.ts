import type { NewRefreshToken, SessionId, UserWithPassword } from '@shop/contracts'
import { connect, type Db } from '@shop/db'
import * as repository from '@shop/db/repositories/users/index'
import type { UserId } from '@shop/kernel'
import { startTestDatabase, type TestDatabase } from '@shop/neon-emulator/postgres/test-database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const NOW = new Date('2026-11-23T10:00:00.000Z')
const IN_A_MONTH = new Date('2026-12-23T10:00:00.000Z')

let database: TestDatabase
let db: Db

beforeAll(async () => {
  database = await startTestDatabase({ migrationsFolder: new URL('../migrations', import.meta.url).pathname })
  db = connect({ connectionString: database.connectionString('users_service'), fetchEndpoint: database.neonEndpoint })
})
afterAll(() => database.stop())

const unique = () => crypto.randomUUID()

function newUser(email = `${unique()}@example.com`): UserWithPassword {
  const id: UserId = `user_${unique()}`
  return { id, email, name: 'Ada', role: 'customer', passwordHash: '$argon2id$', createdAt: NOW }
}

function newToken(userId: UserId, sessionId: SessionId = `session_${unique()}`): NewRefreshToken {
  return { tokenHash: unique(), sessionId, userId, createdAt: NOW, expiresAt: IN_A_MONTH }
}

async function signedIn() {
  const user = newUser()
  const token = newToken(user.id)
  await repository.saveNewUser(db, user, token)
  return { user, token }
}

const rotate = (tokenHash: string, successorHash = unique()) =>
  repository.rotateRefreshToken(db, { tokenHash, successorHash, expiresAt: IN_A_MONTH, now: NOW })

describe('saveNewUser', () => {
  it('gives an e-mail address to one of two that register it at once, in whatever case', async () => {
    const name = unique()
    const users = [newUser(`${name}@example.com`), newUser(`${name.toUpperCase()}@Example.COM`)]
    const results = await Promise.all(users.map((user) => repository.saveNewUser(db, user, newToken(user.id))))
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(results.find((result) => !result.ok)).toEqual({ ok: false, failure: { code: 'email_taken' } })
  })

  it('saves no session for an account that it did not make', async () => {
    const { user } = await signedIn()
    const other = newUser(user.email)
    const token = newToken(other.id)
    await repository.saveNewUser(db, other, token)
    expect(await rotate(token.tokenHash)).toBeNull()
  })

  it('finds the account by its address in any case', async () => {
    const { user } = await signedIn()
    expect(await repository.findUserByEmail(db, user.email.toUpperCase())).toEqual(user)
  })

  it('leaves an account alone that is seeded again', async () => {
    const user = newUser()
    expect(await repository.insertUserIfAbsent(db, user)).toBe(true)
    expect(await repository.insertUserIfAbsent(db, { ...newUser(user.email), name: 'Other' })).toBe(false)
    expect(await repository.findUserByEmail(db, user.email)).toEqual(user)
  })
})

describe('rotateRefreshToken', () => {
  it('lets one of two refreshes at once win, in one trip each', async () => {
    const { user, token } = await signedIn()
    const successor = unique()
    database.resetCounts()
    const winners = await Promise.all([rotate(token.tokenHash, successor), rotate(token.tokenHash, successor)])
    expect(database.counts().roundTrips).toBe(2)
    expect(winners.filter((winner) => winner !== null)).toEqual([
      { id: user.id, email: user.email, name: user.name, role: user.role, createdAt: user.createdAt },
    ])
    const spent = await repository.findSpentRefreshToken(db, { tokenHash: token.tokenHash, successorHash: successor })
    expect(spent).toMatchObject({ usedAt: NOW, expiresAt: IN_A_MONTH, sessionEnded: false, hasSuccessor: true })
    expect(await rotate(successor)).not.toBeNull()
  })

  it.each(['unknown', 'expired', 'revoked'] as const)('refuses a token that is %s', async (state) => {
    const user = newUser()
    const token = { ...newToken(user.id), ...(state === 'expired' ? { expiresAt: NOW } : {}) }
    await repository.saveNewUser(db, user, token)
    if (state === 'revoked') await repository.endSession(db, token.sessionId, NOW)
    expect(await rotate(state === 'unknown' ? unique() : token.tokenHash)).toBeNull()
  })

  it('refuses a successor that was being saved while its session ended', async () => {
    const { user, token } = await signedIn()
    await repository.endSessionOfToken(db, token.tokenHash, NOW)
    const late = newToken(user.id, token.sessionId)
    await repository.saveRefreshToken(db, late)
    expect(await rotate(late.tokenHash)).toBeNull()
  })
})

describe('endSessionOfToken', () => {
  it('ends the session by a token that was used already, and no other session of the user', async () => {
    const { user, token } = await signedIn()
    const other = newToken(user.id)
    await repository.saveRefreshToken(db, other)
    const successor = unique()
    await rotate(token.tokenHash, successor)
    await repository.endSessionOfToken(db, token.tokenHash, NOW)
    expect(await rotate(successor)).toBeNull()
    expect(await rotate(other.tokenHash)).not.toBeNull()
  })
})

describe('pruneRefreshTokens', () => {
  it('keeps a revoked token as long as its session could go on', async () => {
    const { user, token } = await signedIn()
    const old = { ...newToken(user.id, token.sessionId), expiresAt: NOW }
    const forgotten = { ...newToken(user.id), expiresAt: NOW }
    await repository.saveRefreshToken(db, old)
    await repository.saveRefreshToken(db, forgotten)
    await repository.endSession(db, token.sessionId, NOW)
    const later = new Date(NOW.getTime() + 1000)
    expect(await repository.pruneRefreshTokens(db, later)).toBeGreaterThanOrEqual(1)
    const found = ({ tokenHash }: NewRefreshToken) =>
      repository.findSpentRefreshToken(db, { tokenHash, successorHash: '' })
    expect(await found(forgotten)).toBeNull()
    expect(await found(old)).toMatchObject({ sessionEnded: true })
  })
})
