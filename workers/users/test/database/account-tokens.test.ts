import { accountTokens } from '@shop/db/schema/users'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { eq } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { NOW, newAccountToken, unique } from '../support/people.ts'
import { signedUp, type UsersRepositories, usersRepositories } from '../support/repositories.ts'

let database: ServiceDatabase
let shop: UsersRepositories

beforeAll(async () => {
  database = await startDatabase()
  shop = usersRepositories(database.as('users'))
})
afterAll(() => database.stop())

const eventsOf = (key: string) => shop.events.list({ key, limit: 20 })
const mailsOf = async (key: string, now = NOW) => {
  const ids = (await eventsOf(key)).map(({ id }) => id)
  return (await shop.mails.list(ids, now)).filter(({ token }) => token !== null)
}
const request = (kind: 'verification' | 'password_reset', email: string, token = newAccountToken()) =>
  shop.tokens.requestByEmail({ kind, email, token })

describe('a request of a mail', () => {
  it('replaces the token before it, and the event before it leads to no mail any more', async () => {
    const { user, verification } = await signedUp(shop)
    const [first] = await mailsOf(user.id)
    expect(first).toMatchObject({ email: user.email, token: { id: verification.id, hash: verification.hash } })
    const token = newAccountToken()
    await request('verification', user.email, token)
    const later = await mailsOf(user.id)
    expect(later).toMatchObject([{ type: 'customer.verification_requested', token: { id: token.id } }])
    expect(later[0]?.id).not.toBe(first?.id)
    expect(await shop.emails.verify({ tokenHash: verification.hash, now: NOW })).toBe(false)
    expect(await shop.emails.verify({ tokenHash: token.hash, now: NOW })).toBe(true)
  })

  it('is counted when several come at once: one token stays, and one event leads to it', async () => {
    const { user } = await signedUp(shop)
    const tokens = Array.from({ length: 5 }, () => newAccountToken())
    await Promise.all(tokens.map((token) => request('password_reset', user.email, token)))
    const requested = (await eventsOf(user.id)).filter(({ type }) => type === 'customer.password_reset_requested')
    expect(requested.map(({ sequence }) => sequence)).toEqual([5, 4, 3, 2, 1])
    const mails = (await mailsOf(user.id)).filter(({ type }) => type === 'customer.password_reset_requested')
    expect(mails.map(({ id }) => id)).toEqual([requested[0]?.id])
    const owners = await Promise.all(
      tokens.map(({ hash }) => shop.tokens.findOwner({ kind: 'password_reset', tokenHash: hash, now: NOW })),
    )
    expect(owners.filter((owner) => owner !== undefined)).toEqual([{ id: user.id, email: user.email }])
  })

  it('for an address without an account writes a row, no event, and a token that opens nothing', async () => {
    const token = newAccountToken()
    await request('password_reset', `${unique()}@example.com`, token)
    const presented = { kind: 'password_reset', tokenHash: token.hash, now: NOW } as const
    expect(await shop.tokens.findOwner(presented)).toBeUndefined()
    const rows = await shop.db.select().from(accountTokens).where(eq(accountTokens.tokenHash, token.hash))
    expect(rows).toMatchObject([{ userId: null, subject: expect.stringMatching(/^[0-9a-f]{64}$/) }])
  })

  it('of a verified address ends in no mail', async () => {
    const { user, verification } = await signedUp(shop)
    await shop.emails.verify({ tokenHash: verification.hash, now: NOW })
    const before = (await eventsOf(user.id)).length
    await request('verification', user.email)
    expect(await eventsOf(user.id)).toHaveLength(before)
  })

  it('costs one round trip, whether the address has an account or not', async () => {
    const { user } = await signedUp(shop)
    for (const email of [user.email, `${unique()}@example.com`]) {
      database.resetCounts()
      await request('password_reset', email)
      expect(database.counts().roundTrips).toBe(1)
    }
  })
})

describe('what is kept of tokens', () => {
  it('is forgotten when they expire: rows without an account, and tokens and new addresses of the others', async () => {
    const { user, verification } = await signedUp(shop)
    const nobody = newAccountToken()
    await request('password_reset', `${unique()}@example.com`, nobody)
    const change = { userId: user.id, passwordHash: user.passwordHash, newEmail: `${unique()}@example.com` }
    await shop.emails.requestChange({ ...change, token: newAccountToken() })
    const after = new Date(nobody.expiresAt.getTime() + 1)
    const lasting = newAccountToken(after)
    await request('password_reset', user.email, lasting)
    expect(await shop.tokens.prune(after)).toBeGreaterThanOrEqual(3)
    const kept = await shop.db.select().from(accountTokens).where(eq(accountTokens.subject, user.id))
    expect(kept.map(({ kind, tokenHash, newEmail }) => [kind, tokenHash, newEmail]).toSorted()).toEqual([
      ['email_change', null, null],
      ['password_reset', lasting.hash, null],
      ['verification', null, null],
    ])
    expect(await shop.db.select().from(accountTokens).where(eq(accountTokens.tokenHash, nobody.hash))).toEqual([])
    expect(await shop.emails.verify({ tokenHash: verification.hash, now: NOW })).toBe(false)
  })
})
