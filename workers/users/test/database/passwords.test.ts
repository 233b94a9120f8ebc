import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { factorRepositories } from '../../src/factors/repository/index.ts'
import { NOW, newAccountToken, newSession, unique } from '../support/people.ts'
import { signedUp, type UsersRepositories, usersRepositories } from '../support/repositories.ts'

let database: ServiceDatabase
let shop: UsersRepositories

beforeAll(async () => {
  database = await startDatabase()
  shop = usersRepositories(database.as('users'))
})
afterAll(() => database.stop())

async function forgotten() {
  const account = await signedUp(shop)
  const token = newAccountToken()
  await shop.tokens.requestByEmail({ kind: 'password_reset', email: account.user.email.toUpperCase(), token })
  return { ...account, token }
}

const LATER = new Date(NOW.getTime() + 1_000)
const isSignedIn = async (tokenHash: string) =>
  (await shop.sessions.rotate({ tokenHash, successorHash: unique(), now: LATER })) !== undefined
const typesOf = async (key: string) => (await shop.events.list({ key, limit: 20 })).map(({ type }) => type)
const reset = (userId: UserId, tokenHash: string, passwordHash = unique(), now = LATER) =>
  shop.hashes.reset({ userId, tokenHash, passwordHash, now })

describe('a changed password', () => {
  it('ends all sessions but the one that begins with it, and announces itself, in one round trip', async () => {
    const { user, session } = await signedUp(shop)
    const next = newSession(user.id)
    database.resetCounts()
    const change = { userId: user.id, role: user.role, from: user.passwordHash, to: 'new', session: next, now: LATER }
    expect(await shop.hashes.change(change)).toBe(true)
    expect(database.counts().roundTrips).toBe(1)
    expect(await shop.hashes.find(user.id)).toMatchObject({ passwordHash: 'new', version: 2 })
    expect([await isSignedIn(session.tokenHash), await isSignedIn(next.tokenHash)]).toEqual([false, true])
    expect((await typesOf(user.id))[0]).toBe('customer.password_changed')
    expect([await typesOf(session.id), await typesOf(next.id)]).toEqual([['session.ended'], []])
  })

  it('is refused with a role that the account has no more, and then ends no session', async () => {
    const { user, session } = await signedUp(shop)
    const proven = { userId: user.id, role: 'admin', from: user.passwordHash, to: 'new' } as const
    expect(await shop.hashes.change({ ...proven, session: newSession(user.id), now: LATER })).toBe(false)
    expect(await shop.hashes.find(user.id)).toMatchObject({ passwordHash: user.passwordHash, version: 1 })
    expect(await isSignedIn(session.tokenHash)).toBe(true)
  })

  it('is that of one of two changes at once, and the session of the other does not begin', async () => {
    const { user } = await signedUp(shop)
    const changes = ['one', 'two'].map((to) => ({
      ...{ userId: user.id, role: user.role, from: user.passwordHash, to, session: newSession(user.id), now: LATER },
    }))
    const results = await Promise.all(changes.map((change) => shop.hashes.change(change)))
    expect(results.toSorted()).toEqual([false, true])
    const signedIn = await Promise.all(changes.map(({ session }) => isSignedIn(session.tokenHash)))
    expect(signedIn).toEqual(results)
    expect((await typesOf(user.id)).filter((type) => type === 'customer.password_changed')).toHaveLength(1)
  })

  it('makes the link of a reset that was requested before worthless', async () => {
    const { user, token } = await forgotten()
    await shop.hashes.change({
      ...{
        userId: user.id,
        role: user.role,
        from: user.passwordHash,
        to: 'new',
        session: newSession(user.id),
        now: LATER,
      },
    })
    expect(await reset(user.id, token.hash)).toBe(false)
    expect(await shop.hashes.find(user.id)).toMatchObject({ passwordHash: 'new' })
  })

  it('is not replaced by a renewed hash of the one before', async () => {
    const { user } = await signedUp(shop)
    await shop.hashes.renew({ userId: user.id, from: 'another', to: 'renewed' })
    expect(await shop.hashes.find(user.id)).toMatchObject({ passwordHash: user.passwordHash, version: 1 })
    await shop.hashes.renew({ userId: user.id, from: user.passwordHash, to: 'renewed' })
    expect(await shop.hashes.find(user.id)).toMatchObject({ passwordHash: 'renewed', version: 1 })
  })
})

describe('the reset of a password', () => {
  it('sets it, ends all sessions and verifies the address, in one round trip', async () => {
    const { user, session, token, verification } = await forgotten()
    database.resetCounts()
    expect(await reset(user.id, token.hash, 'new')).toBe(true)
    expect(database.counts().roundTrips).toBe(1)
    expect(await shop.hashes.find(user.id)).toMatchObject({ passwordHash: 'new', emailVerified: true, version: 2 })
    expect(await isSignedIn(session.tokenHash)).toBe(false)
    expect(await typesOf(session.id)).toEqual(['session.ended'])
    expect((await typesOf(user.id)).slice(0, 2).toSorted()).toEqual([
      'customer.email_verified',
      'customer.password_changed',
    ])
    const verifying = { kind: 'verification', tokenHash: verification.hash, now: LATER } as const
    expect(await shop.tokens.findOwner(verifying)).toBeUndefined()
  })

  it.each([
    ['removes the factors of an account whose address nobody had verified', 'unverified'],
    ['keeps the factors of an account with a verified address', 'verified'],
    ['keeps the factors of staff', 'staff'],
  ])('%s', async (_, kind) => {
    const { user, token, verification } = await forgotten()
    const isKept = kind !== 'unverified'
    if (kind === 'staff') await shop.db.execute(sql`update users.users set role = 'support' where id = ${user.id}`)
    if (kind === 'verified') await shop.emails.verify({ tokenHash: verification.hash, now: NOW })
    const factors = factorRepositories(database.as('users')).factors
    const factor = { id: `factor_${unique()}`, userId: user.id, type: 'totp', name: 'Phone', createdAt: NOW } as const
    const app = {
      ...factor,
      confirmedAt: undefined,
      lastUsedAt: undefined,
      sealed: { text: 's', keyId: 'k' },
      lastStep: 0,
    }
    await factors.saveUnconfirmed(app)
    await factors.confirm(app, { step: 1, codeHashes: [unique()], now: NOW })
    expect(await reset(user.id, token.hash)).toBe(true)
    const left = await factors.list(user.id)
    expect([left.factors.length, left.recoveryCodesLeft]).toEqual(isKept ? [1, 1] : [0, 0])
    expect(await typesOf(app.id)).toEqual(isKept ? ['factor.added'] : ['factor.removed', 'factor.added'])
  })

  it('happens once, however many requests have the token at the same time', async () => {
    const { user, token } = await forgotten()
    const hashes = Array.from({ length: 10 }, unique)
    const results = await Promise.all(hashes.map((hash) => reset(user.id, token.hash, hash)))
    expect(results.filter(Boolean)).toHaveLength(1)
    expect(await shop.hashes.find(user.id)).toMatchObject({ passwordHash: hashes[results.indexOf(true)], version: 2 })
    expect(await reset(user.id, token.hash)).toBe(false)
  })

  it('and a change at the same time end in one of the two passwords, with one of the two sessions at most', async () => {
    const { user, token } = await forgotten()
    const session = newSession(user.id)
    const change = { userId: user.id, role: user.role, from: user.passwordHash, to: 'changed', session, now: LATER }
    const [isReset, isChanged] = await Promise.all([reset(user.id, token.hash, 'reset'), shop.hashes.change(change)])
    expect([isReset, isChanged].filter(Boolean)).toHaveLength(1)
    expect(await shop.hashes.find(user.id)).toMatchObject({ passwordHash: isReset ? 'reset' : 'changed' })
    expect(await isSignedIn(session.tokenHash)).toBe(isChanged)
  })

  it.each(['unknown', 'expired', 'of another kind', 'replaced by a later one'] as const)(
    'does nothing with a token that is %s',
    async (state) => {
      const { user, token, verification } = await forgotten()
      if (state === 'replaced by a later one') {
        await shop.tokens.requestByEmail({ kind: 'password_reset', email: user.email, token: newAccountToken() })
      }
      const hash = { unknown: unique(), 'of another kind': verification.hash }[state as string] ?? token.hash
      const now = state === 'expired' ? token.expiresAt : LATER
      const presented = { kind: 'password_reset', tokenHash: hash, now } as const
      expect(await shop.tokens.findOwner(presented)).toBeUndefined()
      expect(await reset(user.id, hash, unique(), now)).toBe(false)
      expect(await shop.hashes.find(user.id)).toMatchObject({ passwordHash: user.passwordHash, version: 1 })
    },
  )
})
