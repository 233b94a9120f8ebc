import { isWellFormed } from '@shop/contracts/events/delivery'
import type { EventLog } from '@shop/contracts/events/log'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountRepository, accountRepository } from '../../src/accounts/repository/index.ts'
import { type SessionRepository, sessionRepository } from '../../src/sessions/repository/index.ts'
import { firstTokens, NOW, newSession, newUser, unique } from '../support/people.ts'

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

describe('insert', () => {
  it('gives an e-mail address to one of two simultaneous registrations, in whatever case', async () => {
    const name = unique()
    const users = [newUser(`${name}@example.com`), newUser(`${name.toUpperCase()}@Example.COM`)]
    const results = await Promise.all(users.map((user) => accounts.insert(user, firstTokens(user.id))))
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(results.find((result) => !result.ok)).toEqual({ ok: false, failure: { code: 'email_taken' } })
  })

  it('gives an e-mail address to one of two simultaneous registrations that compose its letters differently', async () => {
    const email = `jose\u0301-${unique()}@example.com`
    const users = [newUser(email.normalize('NFD')), newUser(email.normalize('NFC').toUpperCase())]
    const results = await Promise.all(users.map((user) => accounts.insert(user, firstTokens(user.id))))
    expect(results.filter((result) => result.ok)).toHaveLength(1)
    expect(await accounts.findByEmail(` ${email.normalize('NFC')}`)).toMatchObject(
      users[results.findIndex(({ ok }) => ok)] ?? {},
    )
  })

  it('saves the account, its session and what verifies its address in one round trip', async () => {
    const user = newUser()
    const session = newSession(user.id)
    database.resetCounts()
    await accounts.insert(user, firstTokens(user.id, session))
    expect(database.counts().roundTrips).toBe(1)
    const rotation = { tokenHash: session.tokenHash, successorHash: unique(), now: NOW }
    expect(await sessions.rotate(rotation)).toMatchObject({ user: { id: user.id }, sessionId: session.id })
  })

  it('saves no session when the e-mail address is taken', async () => {
    const user = newUser()
    await accounts.insert(user, firstTokens(user.id))
    const other = newUser(user.email)
    const session = newSession(other.id)
    await accounts.insert(other, firstTokens(other.id, session))
    const rotation = { tokenHash: session.tokenHash, successorHash: unique(), now: NOW }
    expect(await sessions.rotate(rotation)).toBeUndefined()
  })
})

describe('the event of a registration', () => {
  const eventsOf = (id: string) => events.list({ key: id, limit: 10 })

  it('is written with the account, and followed by the request of a mail', async () => {
    const user = newUser()
    await accounts.insert(user, firstTokens(user.id))
    const event = {
      ...{ id: expect.any(Number), version: 1, key: user.id, sequence: 1, createdAt: user.createdAt },
      payload: { userId: user.id, role: 'customer' },
    }
    expect(await eventsOf(user.id)).toEqual([
      {
        ...{ ...event, type: 'customer.verification_requested' },
        deliveries: [expect.objectContaining({ consumer: 'notifications', status: 'pending' })],
      },
      { ...event, type: 'customer.registered', deliveries: [expect.objectContaining({ consumer: 'webhooks' })] },
    ])
  })

  it('is well-formed, by the catalogue of events', async () => {
    const user = newUser()
    await accounts.insertIfAbsent({ ...user, role: 'admin' })
    const [event] = await eventsOf(user.id)
    expect(event && isWellFormed(event)).toBe(true)
  })

  it('is not written for an account that was not made', async () => {
    const user = newUser()
    const [late, seeded] = [newUser(user.email), newUser(user.email)]
    await accounts.insert(user, firstTokens(user.id))
    await accounts.insert(late, firstTokens(late.id))
    await accounts.insertIfAbsent(seeded)
    expect([...(await eventsOf(late.id)), ...(await eventsOf(seeded.id))]).toEqual([])
  })
})

describe('findByEmail', () => {
  it('finds the account by its address in any case', async () => {
    const user = newUser()
    await accounts.insert(user, firstTokens(user.id))
    expect(await accounts.findByEmail(user.email.toUpperCase())).toEqual({ ...user, hasFactor: false })
  })

  it('finds nothing for an unknown address', async () => {
    expect(await accounts.findByEmail(`${unique()}@example.com`)).toBeUndefined()
  })
})

describe('find', () => {
  it('reads an account without its password hash', async () => {
    const user = newUser()
    await accounts.insert(user, firstTokens(user.id))
    const { passwordHash: _, ...expected } = user
    expect(await accounts.find(user.id)).toEqual(expected)
    expect(await accounts.find(newUser().id)).toBeUndefined()
  })
})

describe('the contacts of accounts', () => {
  it('are those of the accounts that exist', async () => {
    const user = newUser()
    await accounts.insert(user, firstTokens(user.id))
    const found = await accounts.findAll([user.id, newUser().id])
    expect(found.map(({ id, email }) => [id, email])).toEqual([[user.id, user.email]])
    expect(await accounts.findAll([])).toEqual([])
  })

  it('of staff are the oldest ones with the roles, and no customer’s', async () => {
    const before = new Date(NOW.getTime() - 86_400_000)
    const [first, second] = [newUser(), newUser()]
    await accounts.insertIfAbsent({ ...second, role: 'admin', createdAt: new Date(before.getTime() + 1) })
    await accounts.insertIfAbsent({ ...first, role: 'admin', createdAt: before })
    await accounts.insertIfAbsent({ ...newUser(), createdAt: new Date(0) })
    await accounts.insertIfAbsent({ ...newUser(), role: 'finance', createdAt: before })
    const found = await accounts.listStaff({ roles: ['admin', 'fulfillment'], limit: 2 })
    expect(found.map(({ id }) => id)).toEqual([first.id, second.id])
  })
})

describe('the metadata of an account', () => {
  it('is saved by one of two writers that read the same version, with one event that does not tell it', async () => {
    const user = newUser()
    await accounts.insert(user, firstTokens(user.id))
    const record = await accounts.findRecord(user.id)
    expect(record).toMatchObject({ metadata: {}, version: 1 })
    if (record === undefined) return
    const changes = ['A-1', 'A-2'].map((erp_id) => accounts.saveMetadata({ ...record, metadata: { erp_id } }, NOW))
    const saved = await Promise.all(changes)
    expect(saved.toSorted()).toEqual([false, true])
    const metadata = { erp_id: saved[0] ? 'A-1' : 'A-2' }
    expect(await accounts.findRecord(user.id)).toEqual({ ...record, metadata, version: 2 })
    const [updated, ...earlier] = await events.list({ key: user.id, limit: 10 })
    const payload = { userId: user.id, role: 'customer' }
    expect(updated).toMatchObject({ type: 'customer.updated', sequence: 2, payload })
    expect([updated && isWellFormed(updated), earlier.length]).toEqual([true, 2])
  })
})

describe('insertIfAbsent', () => {
  it('leaves an existing account as it is', async () => {
    const user = newUser()
    expect(await accounts.insertIfAbsent(user)).toBe(true)
    expect(await accounts.insertIfAbsent({ ...newUser(user.email), name: 'Other' })).toBe(false)
    expect(await accounts.findByEmail(user.email)).toEqual({ ...user, hasFactor: false })
  })
})
