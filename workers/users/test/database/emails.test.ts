import { formerEmails } from '@shop/db/schema/users'
import type { SessionId, UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { eq, sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { UserWithPassword } from '../../src/accounts/domain/user.ts'
import { confirmEvents } from '../../src/events/confirm-events.ts'
import { NOW, newAccountToken, newSession, unique } from '../support/people.ts'
import { signedUp, type UsersRepositories, usersRepositories } from '../support/repositories.ts'

let database: ServiceDatabase
let shop: UsersRepositories

beforeAll(async () => {
  database = await startDatabase()
  shop = usersRepositories(database.as('users'))
})
afterAll(() => database.stop())

const INVALID = { ok: false, failure: { code: 'invalid_account_token' } }
const DONE = { ok: true, value: undefined }
const anEmail = () => `${unique()}@example.com`

async function changing(user: UserWithPassword, newEmail = anEmail()) {
  const token = newAccountToken()
  const request = { userId: user.id, passwordHash: user.passwordHash, newEmail, token }
  return { newEmail, token, isSent: await shop.emails.requestChange(request) }
}

const eventsOf = (key: UserId) => shop.events.list({ key, limit: 20 })
const change = ({ id: userId }: { id: UserId }, tokenHash: string, except?: SessionId) =>
  shop.emails.change({ userId, tokenHash, now: NOW, except })

describe('a verification', () => {
  it('happens once when two requests have the token, with one event', async () => {
    const { user, verification } = await signedUp(shop)
    const presented = { tokenHash: verification.hash, now: NOW }
    const results = await Promise.all([shop.emails.verify(presented), shop.emails.verify(presented)])
    expect(results.toSorted()).toEqual([false, true])
    expect(await shop.accounts.find(user.id)).toMatchObject({ emailVerified: true, version: 2 })
    expect((await eventsOf(user.id)).map(({ type }) => type)).toEqual([
      'customer.email_verified',
      'customer.verification_requested',
      'customer.registered',
    ])
  })

  it('is what the address of the event is read from, as it is now', async () => {
    const { user, verification } = await signedUp(shop)
    expect(await shop.mails.listVerified([user.id])).toEqual([])
    await shop.emails.verify({ tokenHash: verification.hash, now: NOW })
    const read = [{ userId: user.id, emailKey: user.email, verifiedAt: NOW }]
    expect(await shop.mails.listVerified([user.id, 'user_gone'])).toEqual(read)
  })

  it('does nothing with a token that has expired', async () => {
    const { user, verification } = await signedUp(shop)
    expect(await shop.emails.verify({ tokenHash: verification.hash, now: verification.expiresAt })).toBe(false)
    expect(await shop.accounts.find(user.id)).toMatchObject({ emailVerified: false })
  })
})

describe('a change of address', () => {
  it('takes effect with its token: the new address is verified, and the old one is kept for the mail that tells of it', async () => {
    const { user } = await signedUp(shop)
    const { newEmail, token, isSent } = await changing(user)
    expect(isSent).toBe(true)
    expect(await shop.accounts.find(user.id)).toMatchObject({ email: user.email, version: 1 })
    expect(await change(user, token.hash)).toEqual(DONE)
    expect(await shop.accounts.findByEmail(newEmail.toUpperCase())).toMatchObject({
      ...{ id: user.id, email: newEmail, emailVerified: true, version: 2 },
    })
    expect(await shop.accounts.findByEmail(user.email)).toBeUndefined()
    const events = await eventsOf(user.id)
    expect(
      events
        .slice(0, 2)
        .map(({ type }) => type)
        .toSorted(),
    ).toEqual(['customer.email_changed', 'customer.email_verified'])
    const told = await shop.mails.list(
      events.map(({ id }) => id),
      NOW,
    )
    expect(told.flatMap(({ type, formerEmail }) => (formerEmail === null ? [] : [[type, formerEmail]]))).toEqual([
      ['customer.email_changed', user.email],
    ])
  })

  it('forgets the old address once its mail is confirmed, or its owner is gone', async () => {
    const kept = (userId: UserId) => shop.db.select().from(formerEmails).where(eq(formerEmails.userId, userId))
    const { user } = await signedUp(shop)
    await change(user, (await changing(user)).token.hash)
    const [first] = await kept(user.id)
    expect(first?.email).toBe(user.email)
    const deps = { events: shop.events, mailAddresses: shop.mails, now: () => NOW }
    const receipts = (outcome: 'done' | 'failed') => [{ eventId: first?.eventId ?? 0, outcome, failure: 'not_yet' }]
    await confirmEvents(deps, { consumer: 'notifications', receipts: receipts('failed') })
    await confirmEvents(deps, { consumer: 'webhooks', receipts: receipts('done') })
    expect(await kept(user.id)).toHaveLength(1)
    await confirmEvents(deps, { consumer: 'notifications', receipts: receipts('done') })
    expect(await kept(user.id)).toEqual([])

    const other = await signedUp(shop)
    await change(other.user, (await changing(other.user)).token.hash)
    await shop.db.execute(sql`delete from users.users where id = ${other.user.id}`)
    expect(await kept(other.user.id)).toEqual([])
  })

  it('ends all sessions but the one that confirms it, and none when its token was used before', async () => {
    const { user, session } = await signedUp(shop)
    const other = newSession(user.id)
    await shop.sessions.start(other, user)
    const live = async () =>
      (await shop.sessions.list({ userId: user.id, limit: 10, now: NOW })).map(({ id }) => id).toSorted()
    expect(await live()).toEqual([session.id, other.id].toSorted())
    const { token } = await changing(user)
    expect(await change(user, token.hash, session.id)).toEqual(DONE)
    expect(await live()).toEqual([session.id])
    expect(await change(user, token.hash)).toEqual(INVALID)
    expect(await live()).toEqual([session.id])
  })

  it('is replaced by a later one: of two requests only the last leads anywhere', async () => {
    const { user } = await signedUp(shop)
    const first = await changing(user)
    const last = await changing(user)
    expect(await change(user, first.token.hash)).toEqual(INVALID)
    expect(await change(user, last.token.hash)).toEqual(DONE)
    expect(await shop.accounts.find(user.id)).toMatchObject({ email: last.newEmail })
  })

  it('happens once when two requests have the token', async () => {
    const { user } = await signedUp(shop)
    const { token, newEmail } = await changing(user)
    const results = await Promise.all(Array.from({ length: 5 }, () => change(user, token.hash)))
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.filter(({ ok }) => !ok)).toEqual(Array(4).fill(INVALID))
    expect(await shop.accounts.find(user.id)).toMatchObject({ email: newEmail, version: 2 })
  })

  it('of two accounts to one address is won by one, and the other keeps its address and its token', async () => {
    const [one, other] = [await signedUp(shop), await signedUp(shop)]
    const wanted = anEmail()
    const accounts = [one.user, other.user]
    const changes = [await changing(one.user, wanted), await changing(other.user, wanted.toUpperCase())]
    const confirm = async (index: number) => change(accounts[index] ?? one.user, changes[index]?.token.hash ?? '')
    const results = await Promise.all([confirm(0), confirm(1)])
    expect(results.filter(({ ok }) => ok)).toHaveLength(1)
    expect(results.filter(({ ok }) => !ok)).toEqual([{ ok: false, failure: { code: 'email_taken' } }])
    const lost = results.findIndex(({ ok }) => !ok)
    const loser = [one, other][lost]
    expect(loser && (await shop.accounts.find(loser.user.id))).toMatchObject({ email: loser?.user.email, version: 1 })
    expect(await confirm(lost)).toEqual({ ok: false, failure: { code: 'email_taken' } })
  })

  it('to the address of another account is not requested, but another spelling of the own one is', async () => {
    const [one, other] = [await signedUp(shop), await signedUp(shop)]
    expect((await changing(one.user, other.user.email.toUpperCase())).isSent).toBe(false)
    const spelled = await changing(one.user, one.user.email.toUpperCase())
    expect(await change(one.user, spelled.token.hash)).toEqual(DONE)
    expect(await shop.accounts.find(one.user.id)).toMatchObject({ email: one.user.email.toUpperCase() })
  })

  it('is not requested with a password that was changed meanwhile', async () => {
    const { user } = await signedUp(shop)
    expect((await changing({ ...user, passwordHash: 'of before' })).isSent).toBe(false)
  })

  it('makes links worthless that were sent to the address before', async () => {
    const { user, verification } = await signedUp(shop)
    const reset = newAccountToken()
    await shop.tokens.requestByEmail({ kind: 'password_reset', email: user.email, token: reset })
    await change(user, (await changing(user)).token.hash)
    const owner = await shop.tokens.findOwner({ kind: 'password_reset', tokenHash: reset.hash, now: NOW })
    expect([owner, await shop.emails.verify({ tokenHash: verification.hash, now: NOW })]).toEqual([undefined, false])
  })
})
