import type { EventLog } from '@shop/contracts/events/log'
import { eventLog } from '@shop/db/events/log'
import { users, usersEvents } from '@shop/db/schema/users'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountRepository, accountRepository } from '../../src/accounts/repository/index.ts'
import type { NewSession } from '../../src/sessions/domain/user-session.ts'
import { endingStatement } from '../../src/sessions/repository/end.ts'
import { type SessionRepository, sessionRepository } from '../../src/sessions/repository/index.ts'
import { firstTokens, IN_A_MONTH, NOW, newSession, newUser, PROOF, unique } from '../support/people.ts'

let database: ServiceDatabase
let accounts: AccountRepository
let sessions: SessionRepository
let events: EventLog

beforeAll(async () => {
  database = await startDatabase()
  accounts = accountRepository(database.as('users'))
  sessions = sessionRepository(database.as('users'))
  events = eventLog(database.as('users'), usersEvents)
})
afterAll(() => database.stop())

async function signedIn(over: Partial<NewSession> = {}) {
  const user = newUser()
  const session = newSession(user.id, over)
  await accounts.insert(user, firstTokens(user.id, session))
  return { user, session }
}

async function signedInAgain(user: ReturnType<typeof newUser>, over: Partial<NewSession> = {}) {
  const session = newSession(user.id, over)
  expect(await sessions.start(session, user)).toBe(true)
  return session
}

const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)
const rotate = (tokenHash: string, successorHash = unique(), now = NOW) =>
  sessions.rotate({ tokenHash, successorHash, now })
const loggedOut = { reason: 'logged_out', now: NOW } as const
const eventsOf = (sessionId: string) => events.list({ key: sessionId, limit: 10 })

describe('start', () => {
  it('saves a session only for the password and the role that were proven, in one round trip', async () => {
    const { user } = await signedIn()
    database.resetCounts()
    expect(await sessions.start(newSession(user.id), { ...user, passwordHash: 'another' })).toBe(false)
    expect(await sessions.start(newSession(user.id), { ...user, role: 'admin' })).toBe(false)
    expect(await sessions.start(newSession(newUser().id), user)).toBe(false)
    expect(await sessions.start(newSession(user.id), user)).toBe(true)
    expect(database.counts().roundTrips).toBe(4)
  })

  it('leaves no session of an old password, however it races with a batch that changes it', async () => {
    const db = database.as('users')
    for (let round = 0; round < 10; round += 1) {
      const { user } = await signedIn()
      const started = newSession(user.id)
      const onlyIf = sql`exists (select from users.users where id = ${user.id} and password_hash = 'new')`
      const ending = { reason: 'password_changed', now: later(1), onlyIf } as const
      await Promise.all([
        sessions.start(started, user),
        db.batch([
          db.update(users).set({ passwordHash: 'new' }).where(eq(users.id, user.id)),
          db.execute(endingStatement({ userId: user.id }, ending)),
        ]),
      ])
      expect(await sessions.list({ userId: user.id, limit: 10, now: later(2) })).toEqual([])
    }
  })
})

describe('rotate', () => {
  it('lets one of two simultaneous refreshes win, in one round trip each', async () => {
    const { user, session } = await signedIn({ deviceHash: 'device' })
    const { tokenHash } = session
    const successor = unique()
    database.resetCounts()
    const winners = await Promise.all([rotate(tokenHash, successor), rotate(tokenHash, successor)])
    expect(database.counts().roundTrips).toBe(2)
    const { passwordHash: _, ...shown } = user
    expect(winners.filter((winner) => winner !== undefined)).toEqual([
      { user: shown, sessionId: session.id, proof: PROOF },
    ])
    expect(await sessions.findSpent({ tokenHash, successorHashes: [unique(), successor] })).toEqual({
      user: shown,
      sessionId: session.id,
      proof: PROOF,
      usedAt: NOW,
      expiresAt: IN_A_MONTH,
      sessionEnded: false,
      deviceHash: 'device',
      successorHash: successor,
    })
    expect(await rotate(successor)).toBeDefined()
  })

  it.each(['unknown', 'used', 'expired', 'ended'] as const)('refuses a token that is %s', async (state) => {
    const { session } = await signedIn()
    if (state === 'used') await rotate(session.tokenHash)
    if (state === 'ended') await sessions.end({ sessionId: session.id }, loggedOut)
    const now = state === 'expired' ? IN_A_MONTH : NOW
    expect(await rotate(state === 'unknown' ? unique() : session.tokenHash, unique(), now)).toBeUndefined()
  })

  it('never outlives an end of the session at the same moment', async () => {
    for (let round = 0; round < 10; round += 1) {
      const { session } = await signedIn()
      const successor = unique()
      await Promise.all([rotate(session.tokenHash, successor), sessions.end({ sessionId: session.id }, loggedOut)])
      expect(await rotate(successor)).toBeUndefined()
    }
  })

  it('does not put off the end of the session', async () => {
    const { user, session } = await signedIn()
    const successor = unique()
    await rotate(session.tokenHash, successor, later(3_600))
    expect(await rotate(successor, unique(), IN_A_MONTH)).toBeUndefined()
    const [listed] = await sessions.list({ userId: user.id, limit: 10, now: later(3_600) })
    expect(listed).toMatchObject({ lastSeenAt: later(3_600), expiresAt: IN_A_MONTH })
  })
})

describe('end', () => {
  it('ends the session of a token that was used already, and no other of the user, with an event', async () => {
    const { user, session } = await signedIn()
    const other = await signedInAgain(user)
    const successor = unique()
    await rotate(session.tokenHash, successor)
    const ended = [{ sessionId: session.id, userId: user.id }]
    expect(await sessions.end({ tokenHash: session.tokenHash }, loggedOut)).toEqual(ended)
    expect(await rotate(successor)).toBeUndefined()
    expect(await rotate(other.tokenHash)).toBeDefined()
    expect(await eventsOf(session.id)).toMatchObject([
      {
        type: 'session.ended',
        sequence: 1,
        payload: { userId: user.id, sessionId: session.id, reason: 'logged_out' },
        deliveries: [{ consumer: 'users_revocations', status: 'pending' }],
      },
    ])
    expect(await eventsOf(other.id)).toEqual([])
  })

  it('names a session again that ended a moment ago, with its first reason and one event', async () => {
    const { user, session } = await signedIn()
    const scope = { userId: user.id }
    const named = [{ sessionId: session.id, userId: user.id }]
    expect(await sessions.end(scope, loggedOut)).toEqual(named)
    expect(await sessions.end(scope, { reason: 'logged_out_everywhere', now: later(600) })).toEqual(named)
    expect(await sessions.end(scope, { reason: 'logged_out_everywhere', now: later(700) })).toEqual([])
    expect(await eventsOf(session.id)).toMatchObject([{ payload: { reason: 'logged_out' } }])
  })

  it('ends all sessions of a user but one, and none of another user', async () => {
    const { user, session } = await signedIn()
    const [other, kept] = [await signedInAgain(user), await signedInAgain(user)]
    const stranger = await signedIn()
    const ended = await sessions.end({ userId: user.id, except: kept.id }, { reason: 'password_changed', now: NOW })
    expect(ended.map(({ sessionId }) => sessionId).sort()).toEqual([session.id, other.id].sort())
    const live = await sessions.list({ userId: user.id, limit: 10, now: NOW })
    expect(live.map(({ id }) => id)).toEqual([kept.id])
    expect(await rotate(stranger.session.tokenHash)).toBeDefined()
  })

  it('ends nothing in a batch whose change was not made', async () => {
    const { user, session } = await signedIn()
    const onlyIf = sql`exists (select from users.users where id = ${user.id} and password_hash = 'new')`
    expect(await sessions.end({ userId: user.id }, { reason: 'password_changed', now: NOW, onlyIf })).toEqual([])
    expect(await eventsOf(session.id)).toEqual([])
    expect(await rotate(session.tokenHash)).toBeDefined()
  })

  it('ends no session of another user by its id', async () => {
    const { user, session } = await signedIn()
    const stranger = await signedIn()
    expect(await sessions.end({ sessionId: session.id, userId: stranger.user.id }, loggedOut)).toEqual([])
    expect([await sessions.has(stranger.user.id, session.id), await sessions.has(user.id, session.id)]).toEqual([
      false,
      true,
    ])
    expect(await rotate(session.tokenHash)).toBeDefined()
  })

  it('ends a session with one event, of two that end it at once', async () => {
    const { session } = await signedIn()
    await Promise.all([1, 2, 3].map(() => sessions.end({ sessionId: session.id }, loggedOut)))
    expect(await eventsOf(session.id)).toHaveLength(1)
  })
})

describe('list', () => {
  it('pages through the live sessions, the last sign-in first', async () => {
    const { user, session } = await signedIn()
    const others = [await signedInAgain(user), await signedInAgain(user)]
    const ended = await signedInAgain(user)
    await signedInAgain(user, { expiresAt: NOW })
    await sessions.end({ sessionId: ended.id }, loggedOut)
    const ids = [session, ...others].map(({ id }) => id).toReversed()
    const first = await sessions.list({ userId: user.id, limit: 2, now: NOW })
    expect(first.map(({ id }) => id)).toEqual(ids.slice(0, 2))
    const second = await sessions.list({ userId: user.id, after: first[1]?.id, limit: 2, now: NOW })
    const { device, place } = session
    const times = { createdAt: NOW, lastSeenAt: NOW, expiresAt: IN_A_MONTH }
    expect(second).toEqual([{ id: session.id, device, place, ...times }])
  })
})

describe('prune', () => {
  it('deletes sessions that have expired with their tokens, ended or not', async () => {
    const expired = await signedIn({ expiresAt: NOW })
    const live = await signedIn()
    await sessions.end({ sessionId: live.session.id }, loggedOut)
    expect(await sessions.prune(later(1))).toBeGreaterThanOrEqual(1)
    const found = ({ tokenHash }: NewSession) => sessions.findSpent({ tokenHash, successorHashes: [unique()] })
    expect(await found(expired.session)).toBeUndefined()
    expect(await found(live.session)).toMatchObject({ sessionEnded: true })
  })
})
