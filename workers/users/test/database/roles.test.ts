import type { EventLog } from '@shop/contracts/events/log'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { type AccountRepository, accountRepository } from '../../src/accounts/repository/index.ts'
import { type RoleRepository, roleRepository } from '../../src/staff/repository/roles.ts'
import { firstTokens, NOW, newUser } from '../support/people.ts'

let database: ServiceDatabase
let accounts: AccountRepository
let roles: RoleRepository
let events: EventLog

// The number of administrators is one for the whole shop.
beforeEach(async () => {
  database = await startDatabase()
  const db = database.as('users')
  accounts = accountRepository(db)
  roles = roleRepository(db)
  events = eventLog(db, usersEvents)
})
afterEach(() => database.stop())

async function newAdmins(count: number): Promise<UserId[]> {
  const users = Array.from({ length: count }, () => newUser())
  for (const user of users) await accounts.insertIfAbsent({ ...user, role: 'admin' })
  return users.map(({ id }) => id)
}

async function adminsLeft() {
  const { rows } = await database.as('users').execute<{ counted: number; admins: number }>(sql`
    select (select admins from users.admin_count) as counted,
           (select count(*)::int from users.users where role = 'admin') as admins`)
  return rows[0]
}

const demote = (id: UserId) => roles.change(id, { from: 'admin', to: 'customer' }, NOW)
const DONE = { ok: true, value: true }
const LAST = { ok: false, failure: { code: 'last_admin' } }

describe('a role', () => {
  it('changes with its event in one round trip', async () => {
    const user = newUser()
    await accounts.insertIfAbsent(user)
    database.resetCounts()
    expect(await roles.change(user.id, { from: 'customer', to: 'support' }, NOW)).toEqual(DONE)
    expect(database.counts().roundTrips).toBe(1)
    expect((await accounts.find(user.id))?.role).toBe('support')
    const [event] = await events.list({ key: user.id, type: 'customer.updated', limit: 2 })
    expect(event).toMatchObject({ sequence: 2, payload: { userId: user.id, role: 'support' } })
  })

  it('ends all sessions that began with the one before, in the same batch', async () => {
    const user = newUser()
    const saved = firstTokens(user.id)
    await accounts.insert(user, saved)
    await roles.change(user.id, { from: 'support', to: 'finance' }, NOW)
    expect(await events.list({ key: saved.session.id, limit: 2 })).toEqual([])
    await roles.change(user.id, { from: 'customer', to: 'support' }, NOW)
    const [ended] = await events.list({ key: saved.session.id, limit: 2 })
    expect(ended).toMatchObject({ type: 'session.ended', payload: { userId: user.id, reason: 'role_changed' } })
  })

  it('is left alone when another writer was faster', async () => {
    const user = newUser()
    await accounts.insertIfAbsent(user)
    const changes = (['support', 'finance'] as const).map((to) => roles.change(user.id, { from: 'customer', to }, NOW))
    const values = (await Promise.all(changes)).map((change) => change.ok && change.value)
    expect(values.toSorted()).toEqual([false, true])
  })
})

describe('the last administrator', () => {
  it('cannot be demoted', async () => {
    const [only] = await newAdmins(1)
    expect(await demote(only as UserId)).toEqual(LAST)
    expect(await adminsLeft()).toEqual({ counted: 1, admins: 1 })
  })

  it.each([2, 5, 10])('stays when all of %i are demoted at once', async (count) => {
    const admins = await newAdmins(count)
    const demoted = await Promise.all(admins.map(demote))
    expect(demoted.filter(({ ok }) => ok)).toHaveLength(count - 1)
    expect(demoted.filter(({ ok }) => !ok)).toEqual([LAST])
    expect(await adminsLeft()).toEqual({ counted: 1, admins: 1 })
  })

  it('stays when one is demoted ten times at once beside another', async () => {
    const [one, other] = (await newAdmins(2)) as [UserId, UserId]
    await Promise.all([...Array.from({ length: 10 }, () => demote(one)), demote(other)])
    expect(await adminsLeft()).toEqual({ counted: 1, admins: 1 })
  })

  it('cannot be deleted either, by whatever statement', async () => {
    await newAdmins(2)
    const db = database.as('users')
    await expect(db.execute(sql`delete from users.users`)).rejects.toThrow()
    await expect(db.execute(sql`update users.users set role = 'customer'`)).rejects.toThrow()
    expect(await adminsLeft()).toEqual({ counted: 2, admins: 2 })
  })

  it('is counted by the trigger alone', async () => {
    await newAdmins(1)
    await expect(database.as('users').execute(sql`update users.admin_count set admins = 9`)).rejects.toThrow()
    await expect(database.as('users').execute(sql`delete from users.admin_count`)).rejects.toThrow()
  })
})

it('an empty shop has no administrator, and gets the first ones at once', async () => {
  expect(await adminsLeft()).toEqual({ counted: null, admins: 0 })
  const users = [newUser(), newUser(), newUser()]
  await Promise.all(users.map((user) => accounts.insertIfAbsent({ ...user, role: 'admin' })))
  expect(await adminsLeft()).toEqual({ counted: 3, admins: 3 })
})
