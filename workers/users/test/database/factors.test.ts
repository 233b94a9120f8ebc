import type { EventLog } from '@shop/contracts/events/log'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import { sha256Hex } from '@shop/kernel/hash'
import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type AccountRepository, accountRepository } from '../../src/accounts/repository/index.ts'
import { mailAddressRepository } from '../../src/events/repository.ts'
import type { AnsweredChallenge } from '../../src/factors/domain/challenge.ts'
import type { PasskeyFactor, TotpFactor } from '../../src/factors/domain/factor.ts'
import { type FactorRepositories, factorRepositories } from '../../src/factors/repository/index.ts'
import { type SessionRepository, sessionRepository } from '../../src/sessions/repository/index.ts'
import { firstTokens, NOW, newUser, unique } from '../support/people.ts'

let database: ServiceDatabase
let accounts: AccountRepository
let repositories: FactorRepositories
let sessions: SessionRepository
let events: EventLog

beforeAll(async () => {
  database = await startDatabase()
  accounts = accountRepository(database.as('users'))
  repositories = factorRepositories(database.as('users'))
  sessions = sessionRepository(database.as('users'))
  events = eventLog(database.as('users'), usersEvents)
})
afterAll(() => database.stop())

const IN_FIVE_MINUTES = new Date(NOW.getTime() + 300_000)
const STEP = 59_847_600

const count = (winners: boolean[]) => winners.filter(Boolean).length
const twice = <T>(attempt: () => Promise<T>): Promise<T[]> => Promise.all([attempt(), attempt()])

async function anAccount() {
  const user = newUser()
  const saved = firstTokens(user.id)
  await accounts.insert(user, saved)
  return { user, session: saved.session }
}

const anApp = (userId: UserId): TotpFactor => ({
  id: `factor_${unique()}`,
  userId,
  type: 'totp',
  name: 'Phone',
  createdAt: NOW,
  confirmedAt: undefined,
  lastUsedAt: undefined,
  sealed: { text: 'sealed', keyId: 'key' },
  lastStep: 0,
})

const aPasskey = (userId: UserId, signCount = 1): PasskeyFactor => ({
  id: `factor_${unique()}`,
  userId,
  type: 'passkey',
  name: undefined,
  createdAt: NOW,
  confirmedAt: NOW,
  lastUsedAt: undefined,
  passkey: { credentialId: unique(), publicKey: 'AAAA', signCount, transports: ['usb'], isBackedUp: false },
})

const aChallenge = (): AnsweredChallenge => ({ challenge: 'unused', hash: unique(), expiresAt: IN_FIVE_MINUTES })
const someCodes = () => Array.from({ length: 10 }, unique)

async function withApp() {
  const { user } = await anAccount()
  const app = anApp(user.id)
  const codeHashes = someCodes()
  expect(await repositories.factors.saveUnconfirmed(app)).toBe(true)
  expect(await repositories.factors.confirm(app, { step: STEP, codeHashes, now: NOW })).toEqual({ savedCodes: true })
  return { user, app, codeHashes }
}

async function withPasskey(signCount = 1) {
  const { user } = await anAccount()
  const factor = aPasskey(user.id, signCount)
  await repositories.factors.addPasskey(factor, { challenge: aChallenge(), codeHashes: someCodes() })
  return { user, factor }
}

async function eventsOf(factorId: string) {
  const { rows } = await database.as('users').execute<{ type: string }>(sql`
    select type from users.events where key = ${factorId} order by id`)
  return rows.map(({ type }) => type)
}

describe('an authenticator app', () => {
  it('that was not confirmed is replaced by the next one', async () => {
    const { user } = await anAccount()
    const [first, second] = [anApp(user.id), anApp(user.id)]
    await repositories.factors.saveUnconfirmed(first)
    await repositories.factors.saveUnconfirmed(second)
    const { factors } = await repositories.factors.list(user.id)
    expect(factors).toEqual([second])
  })

  it('is confirmed once of two at once, with one set of recovery codes and one event', async () => {
    const { user } = await anAccount()
    const app = anApp(user.id)
    await repositories.factors.saveUnconfirmed(app)
    const confirmed = await twice(() =>
      repositories.factors.confirm(app, { step: STEP, codeHashes: someCodes(), now: NOW }),
    )
    expect(confirmed.toSorted()).toEqual([{ savedCodes: true }, undefined])
    expect(await repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 10 })
    expect(await eventsOf(app.id)).toEqual(['factor.added'])
  })

  it('brings no further recovery codes to an account that has some', async () => {
    const { user } = await withApp()
    const second = anApp(user.id)
    await repositories.factors.saveUnconfirmed(second)
    const confirmed = await repositories.factors.confirm(second, { step: STEP, codeHashes: someCodes(), now: NOW })
    expect(confirmed).toEqual({ savedCodes: false })
    expect(await repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 10 })
  })

  it('accepts a code once of two at once, and nothing up to its step afterwards', async () => {
    const { app } = await withApp()
    const use = (step: number) => repositories.factorUses.useCode(app, { step, resealed: undefined, now: NOW })
    expect(await use(STEP)).toBe(false)
    expect(count(await twice(() => use(STEP + 1)))).toBe(1)
    expect(await use(STEP + 1)).toBe(false)
    expect(await use(STEP)).toBe(false)
    expect(await use(STEP + 2)).toBe(true)
  })

  it('keeps its secret under the new key once a code was used', async () => {
    const { user, app } = await withApp()
    const resealed = { text: 'sealed anew', keyId: 'new key' }
    await repositories.factorUses.useCode(app, { step: STEP + 1, resealed, now: NOW })
    const { factors } = await repositories.factors.list(user.id)
    expect(factors).toMatchObject([{ sealed: resealed, lastStep: STEP + 1, lastUsedAt: NOW }])
  })

  it('cannot be used before it is confirmed', async () => {
    const { user } = await anAccount()
    const app = anApp(user.id)
    await repositories.factors.saveUnconfirmed(app)
    expect(await repositories.factorUses.useCode(app, { step: STEP, resealed: undefined, now: NOW })).toBe(false)
  })
})

describe('recovery codes', () => {
  it('are used once of two at once, and only by their account', async () => {
    const { user, codeHashes } = await withApp()
    const { user: other } = await anAccount()
    const [code = ''] = codeHashes
    expect(await repositories.recoveryCodes.use(other.id, code, NOW)).toBe(false)
    expect(count(await twice(() => repositories.recoveryCodes.use(user.id, code, NOW)))).toBe(1)
    expect(await repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 9 })
  })

  it('are void once there is a new set', async () => {
    const { user, codeHashes } = await withApp()
    const fresh = someCodes()
    expect(await repositories.recoveryCodes.replace(user.id, fresh, NOW)).toBe(true)
    expect(await repositories.recoveryCodes.use(user.id, codeHashes[1] ?? '', NOW)).toBe(false)
    expect(await repositories.recoveryCodes.use(user.id, fresh[0] ?? '', NOW)).toBe(true)
    expect(await repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 9 })
  })

  it('are not made for an account without a confirmed factor', async () => {
    const { user } = await anAccount()
    await repositories.factors.saveUnconfirmed(anApp(user.id))
    expect(await repositories.recoveryCodes.replace(user.id, someCodes(), NOW)).toBe(false)
  })

  it('go with the last factor, not before', async () => {
    const { user, app } = await withApp()
    const passkey = aPasskey(user.id)
    await repositories.factors.addPasskey(passkey, { challenge: aChallenge(), codeHashes: someCodes() })
    await repositories.factors.remove(app, NOW)
    expect(await repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 10 })
    await repositories.factors.remove(passkey, NOW)
    expect(await repositories.factors.list(user.id)).toEqual({ factors: [], recoveryCodesLeft: 0 })
    expect(await eventsOf(passkey.id)).toEqual(['factor.added', 'factor.removed'])
  })
})

describe('a passkey', () => {
  it('is added once of two answers to one challenge', async () => {
    const { user } = await anAccount()
    const challenge = aChallenge()
    const add = () => repositories.factors.addPasskey(aPasskey(user.id), { challenge, codeHashes: someCodes() })
    const added = await twice(add)
    expect(added).toEqual(expect.arrayContaining([{ savedCodes: true }, 'void']))
    expect((await repositories.factors.list(user.id)).factors).toHaveLength(1)
  })

  it('belongs to one account', async () => {
    const { factor } = await withPasskey()
    const { user } = await anAccount()
    const stolen = { ...aPasskey(user.id), passkey: factor.passkey }
    const added = await repositories.factors.addPasskey(stolen, { challenge: aChallenge(), codeHashes: someCodes() })
    expect(added).toBe('void')
    expect(await repositories.factors.list(user.id)).toEqual({ factors: [], recoveryCodesLeft: 0 })
    expect(await eventsOf(stolen.id)).toEqual([])
  })

  it.each([
    ['counts', 1, 2],
    ['does not count', 0, 0],
  ])('that %s answers a challenge once of two at once', async (_, before, after) => {
    const { factor } = await withPasskey(before)
    const use = { challenge: aChallenge(), changed: { signCount: after, isBackedUp: true }, now: NOW }
    expect(count(await twice(() => repositories.factorUses.usePasskey(factor, use)))).toBe(1)
    expect(await repositories.factorUses.usePasskey(factor, use)).toBe(false)
  })

  it('answers with each count of signatures once, so that a copy is found', async () => {
    const { user, factor } = await withPasskey()
    const use = (signCount: number) =>
      repositories.factorUses.usePasskey(factor, {
        challenge: aChallenge(),
        changed: { signCount, isBackedUp: false },
        now: NOW,
      })
    expect(count(await twice(() => use(5)))).toBe(1)
    expect(await use(4)).toBe(false)
    expect(await use(0)).toBe(false)
    const found = await repositories.factorUses.findPasskey(factor.passkey.credentialId)
    expect(found).toMatchObject({ user: { id: user.id }, factor: { passkey: { signCount: 5 }, lastUsedAt: NOW } })
  })
})

describe('factors', () => {
  it('are known with the account once they are confirmed, and of nobody else', async () => {
    const { user, app } = await withApp()
    const { user: other } = await anAccount()
    await repositories.factors.saveUnconfirmed(anApp(other.id))
    const hasFactor = async ({ email }: typeof user) => (await accounts.findByEmail(email))?.hasFactor
    expect([await hasFactor(user), await hasFactor(other)]).toEqual([true, false])
    await repositories.factors.remove(app, NOW)
    expect(await hasFactor(user)).toBe(false)
  })

  it('are ten at most; more are refused, of either type', async () => {
    const { user } = await anAccount()
    const add = () =>
      repositories.factors.addPasskey(aPasskey(user.id), { challenge: aChallenge(), codeHashes: someCodes() })
    for (let factor = 0; factor < 10; factor += 1) expect(await add()).toEqual({ savedCodes: factor === 0 })
    expect(await add()).toBe('too_many')
    expect(await repositories.factors.saveUnconfirmed(anApp(user.id))).toBe(false)
  })

  it('of somebody else are not there', async () => {
    const { app } = await withApp()
    const { user: stranger } = await anAccount()
    expect(await repositories.factors.remove({ id: app.id, userId: stranger.id }, NOW)).toBe(false)
    expect(count(await twice(() => repositories.factors.remove(app, NOW)))).toBe(1)
  })
})

describe('the factors of somebody who has lost them', () => {
  it('are removed with the recovery codes and the sessions, with an event and a mail for each that was confirmed', async () => {
    const { user, app } = await withApp()
    const passkey = aPasskey(user.id)
    await repositories.factors.addPasskey(passkey, { challenge: aChallenge(), codeHashes: someCodes() })
    await repositories.factors.saveUnconfirmed(anApp(user.id))
    expect(await repositories.factors.removeAll(user.id, NOW)).toBe(2)
    expect(await repositories.factors.list(user.id)).toEqual({ factors: [], recoveryCodesLeft: 0 })
    expect(await sessions.list({ userId: user.id, limit: 10, now: NOW })).toEqual([])
    const told = await Promise.all([app, passkey].map(({ id }) => events.list({ key: id, limit: 10 })))
    const ids = told.flat().map(({ id }) => id)
    const mails = await mailAddressRepository(database.as('users')).list(ids, NOW)
    expect(mails.map(({ type, email }) => [type, email])).toEqual([
      ['factor.added', user.email],
      ['factor.added', user.email],
      ['factor.removed', user.email],
      ['factor.removed', user.email],
    ])
  })

  it('are removed once, and those of nobody else', async () => {
    const { user } = await withApp()
    const { user: other } = await withApp()
    expect((await twice(() => repositories.factors.removeAll(user.id, NOW))).toSorted()).toEqual([0, 1])
    expect((await repositories.factors.list(other.id)).factors).toHaveLength(1)
  })
})

describe('a sign-in that waits for its second factor', () => {
  async function waiting({ user }: { user: ReturnType<typeof newUser> }) {
    const tokenHash = unique()
    const passwordVersion = await sha256Hex(user.passwordHash)
    const token = { tokenHash, userId: user.id, passwordVersion, createdAt: NOW, expiresAt: IN_FIVE_MINUTES }
    return { tokenHash, methods: await repositories.mfaTokens.issue(token) }
  }

  it('is not made for an account without a confirmed factor', async () => {
    const { user } = await anAccount()
    await repositories.factors.saveUnconfirmed(anApp(user.id))
    const { tokenHash, methods } = await waiting({ user })
    expect(methods).toEqual([])
    expect(await repositories.mfaTokens.find(tokenHash, NOW)).toBeUndefined()
  })

  it('names what the account can send', async () => {
    const { user, app } = await withApp()
    expect((await waiting({ user })).methods).toEqual(['code', 'recovery_code'])
    await repositories.factors.addPasskey(aPasskey(user.id), { challenge: aChallenge(), codeHashes: someCodes() })
    expect((await waiting({ user })).methods).toEqual(['code', 'passkey', 'recovery_code'])
    await repositories.factors.remove(app, NOW)
    expect((await waiting({ user })).methods).toEqual(['passkey', 'recovery_code'])
  })

  it('takes five attempts, however many come at once', async () => {
    const { user, app } = await withApp()
    const { tokenHash } = await waiting({ user })
    const attempts = await Promise.all(
      Array.from({ length: 12 }, () => repositories.mfaTokens.countAttempt(tokenHash, NOW)),
    )
    const counted = attempts.filter((attempt) => attempt !== undefined)
    expect(counted).toHaveLength(5)
    expect(counted[0]).toMatchObject({ user: { id: user.id, email: user.email }, factors: [{ id: app.id }] })
  })

  it('ends once of two at once, and takes nothing afterwards', async () => {
    const { user } = await withApp()
    const { tokenHash } = await waiting({ user })
    expect(await repositories.mfaTokens.find(tokenHash, NOW)).toMatchObject({ user: { id: user.id } })
    expect(count(await twice(() => repositories.mfaTokens.redeem(tokenHash, NOW)))).toBe(1)
    expect(await repositories.mfaTokens.countAttempt(tokenHash, NOW)).toBeUndefined()
  })

  it('ends after five minutes, or when the password changes', async () => {
    const { user } = await withApp()
    const { tokenHash } = await waiting({ user })
    expect(await repositories.mfaTokens.countAttempt(tokenHash, IN_FIVE_MINUTES)).toBeUndefined()
    await database.as('users').execute(sql`update users.users set password_hash = 'other' where id = ${user.id}`)
    expect(await repositories.mfaTokens.redeem(tokenHash, NOW)).toBe(false)
  })

  it('is deleted once it has expired, like the challenges that were answered', async () => {
    const { user } = await withApp()
    const { tokenHash } = await waiting({ user })
    await withPasskey()
    await repositories.mfaTokens.prune(IN_FIVE_MINUTES)
    expect(await repositories.mfaTokens.find(tokenHash, NOW)).toBeDefined()
    const later = new Date(IN_FIVE_MINUTES.getTime() + 1)
    expect(await repositories.mfaTokens.prune(later)).toBeGreaterThanOrEqual(2)
    expect(await repositories.mfaTokens.find(tokenHash, NOW)).toBeUndefined()
    expect(await repositories.mfaTokens.prune(later)).toBe(0)
  })
})

describe('the proof of a session', () => {
  it('is saved while the session lasts', async () => {
    const { session } = await anAccount()
    const proof = { amr: ['pwd', 'otp', 'mfa'] as const, authTime: 1_795_428_060 }
    expect(await repositories.proofs.save(session.id, proof)).toBe(true)
    expect(await repositories.proofs.save(`session_${unique()}`, proof)).toBe(false)
  })
})
