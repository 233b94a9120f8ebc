import type { EventLog } from '@shop/contracts/events/log'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import { newId } from '@shop/http/ids'
import type { Caller } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountRepository, accountRepository } from '../../src/accounts/repository/index.ts'
import { creationKeyRepository } from '../../src/idempotency/repository.ts'
import { createInvitationTokens } from '../../src/staff/internal/invitation-tokens.ts'
import { inviteStaff } from '../../src/staff/invite-staff.ts'
import { type InvitationRepository, invitationRepository } from '../../src/staff/repository/invitations.ts'
import { type RoleRepository, roleRepository } from '../../src/staff/repository/roles.ts'
import { NOW, newUser, PROOF, unique } from '../support/people.ts'
import { IN_3_DAYS, newInvitation } from '../support/staff.ts'

let database: ServiceDatabase
let accounts: AccountRepository
let invitations: InvitationRepository
let roles: RoleRepository
let events: EventLog
let admin: UserId

beforeAll(async () => {
  database = await startDatabase()
  const db = database.as('users')
  accounts = accountRepository(db)
  invitations = invitationRepository(db)
  roles = roleRepository(db)
  events = eventLog(db, usersEvents)
  admin = await anAdmin()
})
afterAll(() => database.stop())

async function anAdmin(): Promise<UserId> {
  const user = newUser()
  await accounts.insertIfAbsent({ ...user, role: 'admin' })
  return user.id
}

async function anInvitation(over: Parameters<typeof newInvitation>[0] = {}) {
  const invitation = newInvitation({ invitedBy: admin, ...over })
  const tokenHash = unique()
  expect(await invitations.insert(invitation, tokenHash)).toEqual({ ok: true, value: undefined })
  return { invitation, tokenHash }
}

const taking = (tokenHash: string, now = NOW) => ({
  userId: `user_${unique()}` as const,
  ...{ name: 'Grace', passwordHash: '$argon2id$', tokenHash, now },
})
const NOT_FOUND = { ok: false, failure: { code: 'invitation_not_found' } }

describe('an invitation', () => {
  it('is saved with its event, which has no address, in one round trip', async () => {
    database.resetCounts()
    const { invitation } = await anInvitation()
    expect(database.counts().roundTrips).toBe(1)
    const [event] = await events.list({ key: invitation.id, limit: 2 })
    expect(event).toMatchObject({ type: 'staff.invited', payload: { invitationId: invitation.id, role: 'support' } })
    expect(JSON.stringify(event)).not.toContain(invitation.email)
  })

  it('is refused for an address that has an account, in any spelling', async () => {
    const user = newUser()
    await accounts.insertIfAbsent(user)
    const invitation = newInvitation({ invitedBy: admin, email: user.email.toUpperCase() })
    expect(await invitations.insert(invitation, unique())).toEqual({ ok: false, failure: { code: 'email_taken' } })
    expect(await events.list({ key: invitation.id, limit: 1 })).toEqual([])
  })

  it('makes an account with its address and role, and the event of it, in one round trip', async () => {
    const { invitation, tokenHash } = await anInvitation({ role: 'finance' })
    const staff = taking(tokenHash)
    database.resetCounts()
    const user = {
      ...{ id: staff.userId, email: invitation.email, emailVerified: true, name: 'Grace', role: 'finance' },
      ...{ locale: null, phone: null, marketingConsent: false, createdAt: NOW, version: 1 },
    }
    expect(await invitations.accept(staff)).toEqual({ ok: true, value: user })
    expect(database.counts().roundTrips).toBe(1)
    expect(await accounts.findByEmail(invitation.email)).toEqual({
      ...user,
      passwordHash: '$argon2id$',
      hasFactor: false,
    })
    const payload = { userId: staff.userId, role: 'finance' }
    expect((await events.list({ key: staff.userId, limit: 3 })).toReversed()).toMatchObject([
      { type: 'customer.registered', payload },
      { type: 'customer.email_verified', payload, deliveries: [{ consumer: 'orders' }, { consumer: 'webhooks' }] },
    ])
  })

  it('is taken once, by one of ten at the same time', async () => {
    const { invitation, tokenHash } = await anInvitation()
    const takings = Array.from({ length: 10 }, () => taking(tokenHash))
    const taken = await Promise.all(takings.map((staff) => invitations.accept(staff)))
    expect(taken.filter(({ ok }) => ok)).toHaveLength(1)
    expect(taken.filter(({ ok }) => !ok)).toEqual(Array.from({ length: 9 }, () => NOT_FOUND))
    const winner = takings[taken.findIndex(({ ok }) => ok)]
    expect((await accounts.findByEmail(invitation.email))?.id).toBe(winner?.userId)
  })

  it('is not used up when its address got an account meanwhile', async () => {
    const { invitation, tokenHash } = await anInvitation()
    await accounts.insertIfAbsent(newUser(invitation.email))
    expect(await invitations.accept(taking(tokenHash))).toEqual({ ok: false, failure: { code: 'email_taken' } })
    expect(await invitations.findOpen({ tokenHash }, NOW)).toBeDefined()
  })

  it('ends after its three days', async () => {
    const { tokenHash } = await anInvitation()
    expect(await invitations.accept(taking(tokenHash, IN_3_DAYS))).toEqual(NOT_FOUND)
    expect(await invitations.findOpen({ tokenHash }, IN_3_DAYS)).toBeUndefined()
    expect(await invitations.accept(taking(tokenHash, new Date(IN_3_DAYS.getTime() - 1)))).toMatchObject({ ok: true })
  })

  it('cannot be taken once it is revoked, and not be revoked once it is taken', async () => {
    const one = await anInvitation()
    expect(await invitations.revoke(one.invitation.id, NOW)).toEqual({ ...one.invitation, revokedAt: NOW })
    expect(await invitations.revoke(one.invitation.id, IN_3_DAYS)).toEqual({ ...one.invitation, revokedAt: NOW })
    expect(await invitations.accept(taking(one.tokenHash))).toEqual(NOT_FOUND)
    const other = await anInvitation()
    await invitations.accept(taking(other.tokenHash))
    expect(await invitations.revoke(other.invitation.id, NOW)).toBeUndefined()
  })

  it('counts no more once the inviter may not grant its role', async () => {
    const inviter = await anAdmin()
    const { tokenHash } = await anInvitation({ invitedBy: inviter })
    await roles.change(inviter, { from: 'admin', to: 'support' }, NOW)
    expect(await invitations.accept(taking(tokenHash))).toEqual(NOT_FOUND)
  })

  it('is deleted after its time, with its address', async () => {
    const old = await anInvitation({ expiresAt: new Date('2026-01-01T00:00:00.000Z') })
    const open = await anInvitation()
    expect(await invitations.prune(new Date('2026-02-01T00:00:00.000Z'))).toBe(1)
    const left = (await invitations.list({ before: undefined, limit: 100 })).map(({ id }) => id)
    expect(left).toContain(open.invitation.id)
    expect(left).not.toContain(old.invitation.id)
  })
})

describe('an invitation with an idempotency key', () => {
  const invite = (email: string, key: string) => {
    const deps = {
      ...{ invitations, creationKeys: creationKeyRepository(database.as('users')), wakeMails: async () => {} },
      ...{
        invitationTokens: createInvitationTokens(() => ['a signing key']),
        newInvitationId: () => newId('invitation'),
      },
      now: () => NOW,
    }
    const caller: Caller = { kind: 'user', userId: admin, role: 'admin', proof: PROOF }
    return inviteStaff(deps, caller, { email, role: 'support' }, key)
  }

  it('is one, with one event, however often the request is sent', async () => {
    const [email, key] = [`${unique()}@example.com`, unique()]
    const invited = await Promise.all(Array.from({ length: 8 }, () => invite(email, key)))
    const ids = new Set(invited.map((one) => (one.ok ? one.value.value.id : one.failure.code)))
    const [id = ''] = ids
    expect(ids.size).toBe(1)
    expect(invited.filter((one) => one.ok && !one.value.replayed)).toHaveLength(1)
    expect(await events.list({ key: id, limit: 10 })).toHaveLength(1)
    expect(await invite(`${unique()}@example.com`, key)).toMatchObject({ failure: { code: 'idempotency_key_reused' } })
  })
})
