import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { invitationRepository } from '../../src/staff/repository/invitations.ts'
import { NOW, newSession, newUser } from '../support/people.ts'
import { signedUp, type UsersRepositories, usersRepositories } from '../support/repositories.ts'
import { newInvitation } from '../support/staff.ts'

let database: ServiceDatabase
let repositories: UsersRepositories

beforeAll(async () => {
  database = await startDatabase()
  repositories = usersRepositories(database.as('users'))
})
afterAll(() => database.stop())

const erase = (id: UserId) => repositories.erasures.erase({ id, role: 'customer', now: NOW })

/** The tables that have a text anywhere. */
async function tablesWith(text: string): Promise<string[]> {
  const db = database.as('users')
  const { rows } = await db.execute<{ name: string }>(
    sql`select table_name as name from information_schema.tables where table_schema = 'users' order by 1`,
  )
  const found: string[] = []
  for (const { name } of rows) {
    const hits = await db.execute(
      sql`select 1 from users.${sql.identifier(name)} t where strpos(lower(t::text), ${text.toLowerCase()}) > 0 limit 1`,
    )
    if (hits.rows.length > 0) found.push(name)
  }
  return found
}

describe('erasing an account', () => {
  it('deletes everything that has its address, in one round trip', async () => {
    const { user } = await signedUp(repositories)
    await invitationRepository(database.as('users')).insert(
      { ...newInvitation({ email: user.email, invitedBy: user.id }) },
      crypto.randomUUID(),
    )
    expect(await tablesWith(user.email)).toContain('users')
    database.resetCounts()
    expect(await erase(user.id)).toMatchObject({ ok: true, value: [{ userId: user.id }] })
    expect(database.counts().roundTrips).toBe(1)
    expect(await tablesWith(user.email)).toEqual([])
    // What is left are events, which have ids.
    expect(await tablesWith(user.id)).toEqual(['event_deliveries', 'events'])
  })

  it('writes its event once for orders and payments, and ends its sessions', async () => {
    const { user, session } = await signedUp(repositories)
    await Promise.all([erase(user.id), erase(user.id)])
    const events = await repositories.events.list({ key: user.id, type: 'customer.erased', limit: 5 })
    expect(events).toMatchObject([{ sequence: 2, payload: { userId: user.id } }])
    expect(events[0]?.deliveries.map(({ consumer }) => consumer)).toEqual(
      expect.arrayContaining(['orders', 'payments']),
    )
    const [told] = await repositories.events.list({ key: session.id, limit: 1 })
    expect(told).toMatchObject({ type: 'session.ended', payload: { reason: 'account_removed' } })
    expect(await repositories.erasures.wasErased(user.id)).toBe(true)
  })

  it('leaves no session behind that began while it ran', async () => {
    const { user } = await signedUp(repositories)
    const session = newSession(user.id)
    const proven = { email: user.email, passwordHash: user.passwordHash, role: user.role }
    const [erased] = await Promise.all([
      erase(user.id),
      repositories.sessions.start(session, proven as never).catch(() => false),
    ])
    expect(erased.ok).toBe(true)
    const { rows } = await database.as('users').execute(sql`select 1 from users.sessions where user_id = ${user.id}`)
    expect(rows).toEqual([])
  })

  it('frees the address for another account, which inherits nothing', async () => {
    const { user } = await signedUp(repositories)
    await erase(user.id)
    const again = newUser(user.email)
    expect(await repositories.accounts.insertIfAbsent(again)).toBe(true)
    expect(await repositories.erasures.wasErased(again.id)).toBe(false)
    expect(await repositories.addresses.list(again.id)).toEqual([])
  })

  it('does nothing to an account that has another role by now, or is gone', async () => {
    const { user } = await signedUp(repositories)
    expect(await repositories.erasures.erase({ id: user.id, role: 'support', now: NOW })).toEqual({ ok: true })
    expect(await repositories.accounts.find(user.id)).toBeDefined()
    await erase(user.id)
    expect(await erase(user.id)).toEqual({ ok: true })
  })

  it('keeps the last administrator, of two that are erased at once', async () => {
    const admins = [newUser(), newUser()].map((user) => ({ ...user, role: 'admin' }) as const)
    for (const admin of admins) await repositories.accounts.insertIfAbsent(admin)
    const erased = await Promise.all(
      admins.map(({ id }) => repositories.erasures.erase({ id, role: 'admin', now: NOW })),
    )
    expect(erased.filter(({ ok }) => ok)).toHaveLength(1)
    expect(erased.filter(({ ok }) => !ok)).toEqual([{ ok: false, failure: { code: 'last_admin' } }])
  })
})
