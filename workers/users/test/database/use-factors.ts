import type { EventLog } from '@shop/contracts/events/log'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import type { UserId } from '@shop/kernel/ids'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { sql } from 'drizzle-orm'
import { afterAll, beforeAll, expect } from 'vitest'
import { type AccountRepository, accountRepository } from '../../src/accounts/repository/index.ts'
import type { AnsweredChallenge } from '../../src/factors/domain/challenge.ts'
import type { PasskeyFactor, TotpFactor } from '../../src/factors/domain/factor.ts'
import { type FactorRepositories, factorRepositories } from '../../src/factors/repository/index.ts'
import { type SessionRepository, sessionRepository } from '../../src/sessions/repository/index.ts'
import { firstTokens, NOW, newUser, unique } from '../support/people.ts'

export const IN_FIVE_MINUTES = new Date(NOW.getTime() + 300_000)
export const STEP = 59_847_600

export const count = (winners: boolean[]) => winners.filter(Boolean).length
export const twice = <T>(attempt: () => Promise<T>): Promise<T[]> => Promise.all([attempt(), attempt()])

export const anApp = (userId: UserId): TotpFactor => ({
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

export const aPasskey = (userId: UserId, signCount = 1): PasskeyFactor => ({
  id: `factor_${unique()}`,
  userId,
  type: 'passkey',
  name: undefined,
  createdAt: NOW,
  confirmedAt: NOW,
  lastUsedAt: undefined,
  passkey: { credentialId: unique(), publicKey: 'AAAA', signCount, transports: ['usb'], isBackedUp: false },
})

export const aChallenge = (): AnsweredChallenge => ({ challenge: 'unused', hash: unique(), expiresAt: IN_FIVE_MINUTES })
export const someCodes = () => Array.from({ length: 10 }, unique)

type World = {
  database: ServiceDatabase
  accounts: AccountRepository
  repositories: FactorRepositories
  sessions: SessionRepository
  events: EventLog
}

/** The repositories over a fresh database of this test file, and accounts with factors. The members are set once tests run. */
export function useFactors() {
  const world = {} as World
  beforeAll(async () => {
    const database = await startDatabase()
    const db = database.as('users')
    Object.assign(world, {
      database,
      accounts: accountRepository(db),
      repositories: factorRepositories(db),
      sessions: sessionRepository(db),
      events: eventLog(db, usersEvents),
    })
  })
  afterAll(() => world.database.stop())

  async function anAccount() {
    const user = newUser()
    const saved = firstTokens(user.id)
    await world.accounts.insert(user, saved)
    return { user, session: saved.session }
  }

  async function withApp() {
    const { user } = await anAccount()
    const app = anApp(user.id)
    const codeHashes = someCodes()
    expect(await world.repositories.factors.saveUnconfirmed(app)).toBe(true)
    expect(await world.repositories.factors.confirm(app, { step: STEP, codeHashes, now: NOW })).toEqual({
      savedCodes: true,
    })
    return { user, app, codeHashes }
  }

  async function withPasskey(signCount = 1) {
    const { user } = await anAccount()
    const factor = aPasskey(user.id, signCount)
    await world.repositories.factors.addPasskey(factor, { challenge: aChallenge(), codeHashes: someCodes() })
    return { user, factor }
  }

  async function eventsOf(factorId: string) {
    const { rows } = await world.database.as('users').execute<{ type: string }>(sql`
      select type from users.events where key = ${factorId} order by id`)
    return rows.map(({ type }) => type)
  }

  return { world, anAccount, withApp, withPasskey, eventsOf }
}
