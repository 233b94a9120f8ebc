import { describe, expect, it } from 'vitest'
import { mailAddressRepository } from '../../src/events/repository.ts'
import { NOW } from '../support/people.ts'
import { aChallenge, anApp, aPasskey, count, STEP, someCodes, twice, useFactors } from './use-factors.ts'

const { world, anAccount, withApp, withPasskey, eventsOf } = useFactors()

describe('an authenticator app', () => {
  it('that was not confirmed is replaced by the next one', async () => {
    const { user } = await anAccount()
    const [first, second] = [anApp(user.id), anApp(user.id)]
    await world.repositories.factors.saveUnconfirmed(first)
    await world.repositories.factors.saveUnconfirmed(second)
    const { factors } = await world.repositories.factors.list(user.id)
    expect(factors).toEqual([second])
  })

  it('is confirmed once of two at once, with one set of recovery codes and one event', async () => {
    const { user } = await anAccount()
    const app = anApp(user.id)
    await world.repositories.factors.saveUnconfirmed(app)
    const confirmed = await twice(() =>
      world.repositories.factors.confirm(app, { step: STEP, codeHashes: someCodes(), now: NOW }),
    )
    expect(confirmed.toSorted()).toEqual([{ savedCodes: true }, undefined])
    expect(await world.repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 10 })
    expect(await eventsOf(app.id)).toEqual(['factor.added'])
  })

  it('brings no further recovery codes to an account that has some', async () => {
    const { user } = await withApp()
    const second = anApp(user.id)
    await world.repositories.factors.saveUnconfirmed(second)
    const confirmed = await world.repositories.factors.confirm(second, {
      step: STEP,
      codeHashes: someCodes(),
      now: NOW,
    })
    expect(confirmed).toEqual({ savedCodes: false })
    expect(await world.repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 10 })
  })

  it('accepts a code once of two at once, and nothing up to its step afterwards', async () => {
    const { app } = await withApp()
    const use = (step: number) => world.repositories.factorUses.useCode(app, { step, resealed: undefined, now: NOW })
    expect(await use(STEP)).toBe(false)
    expect(count(await twice(() => use(STEP + 1)))).toBe(1)
    expect(await use(STEP + 1)).toBe(false)
    expect(await use(STEP)).toBe(false)
    expect(await use(STEP + 2)).toBe(true)
  })

  it('keeps its secret under the new key once a code was used', async () => {
    const { user, app } = await withApp()
    const resealed = { text: 'sealed anew', keyId: 'new key' }
    await world.repositories.factorUses.useCode(app, { step: STEP + 1, resealed, now: NOW })
    const { factors } = await world.repositories.factors.list(user.id)
    expect(factors).toMatchObject([{ sealed: resealed, lastStep: STEP + 1, lastUsedAt: NOW }])
  })

  it('cannot be used before it is confirmed', async () => {
    const { user } = await anAccount()
    const app = anApp(user.id)
    await world.repositories.factors.saveUnconfirmed(app)
    expect(await world.repositories.factorUses.useCode(app, { step: STEP, resealed: undefined, now: NOW })).toBe(false)
  })
})

describe('recovery codes', () => {
  it('are used once of two at once, and only by their account', async () => {
    const { user, codeHashes } = await withApp()
    const { user: other } = await anAccount()
    const [code = ''] = codeHashes
    expect(await world.repositories.recoveryCodes.use(other.id, code, NOW)).toBe(false)
    expect(count(await twice(() => world.repositories.recoveryCodes.use(user.id, code, NOW)))).toBe(1)
    expect(await world.repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 9 })
  })

  it('are void once there is a new set', async () => {
    const { user, codeHashes } = await withApp()
    const fresh = someCodes()
    expect(await world.repositories.recoveryCodes.replace(user.id, fresh, NOW)).toBe(true)
    expect(await world.repositories.recoveryCodes.use(user.id, codeHashes[1] ?? '', NOW)).toBe(false)
    expect(await world.repositories.recoveryCodes.use(user.id, fresh[0] ?? '', NOW)).toBe(true)
    expect(await world.repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 9 })
  })

  it('are not made for an account without a confirmed factor', async () => {
    const { user } = await anAccount()
    await world.repositories.factors.saveUnconfirmed(anApp(user.id))
    expect(await world.repositories.recoveryCodes.replace(user.id, someCodes(), NOW)).toBe(false)
  })

  it('go with the last factor, not before', async () => {
    const { user, app } = await withApp()
    const passkey = aPasskey(user.id)
    await world.repositories.factors.addPasskey(passkey, { challenge: aChallenge(), codeHashes: someCodes() })
    await world.repositories.factors.remove(app, NOW)
    expect(await world.repositories.factors.list(user.id)).toMatchObject({ recoveryCodesLeft: 10 })
    await world.repositories.factors.remove(passkey, NOW)
    expect(await world.repositories.factors.list(user.id)).toEqual({ factors: [], recoveryCodesLeft: 0 })
    expect(await eventsOf(passkey.id)).toEqual(['factor.added', 'factor.removed'])
  })
})

describe('a passkey', () => {
  it('is added once of two answers to one challenge', async () => {
    const { user } = await anAccount()
    const challenge = aChallenge()
    const add = () => world.repositories.factors.addPasskey(aPasskey(user.id), { challenge, codeHashes: someCodes() })
    const added = await twice(add)
    expect(added).toEqual(expect.arrayContaining([{ savedCodes: true }, 'void']))
    expect((await world.repositories.factors.list(user.id)).factors).toHaveLength(1)
  })

  it('belongs to one account', async () => {
    const { factor } = await withPasskey()
    const { user } = await anAccount()
    const stolen = { ...aPasskey(user.id), passkey: factor.passkey }
    const added = await world.repositories.factors.addPasskey(stolen, {
      challenge: aChallenge(),
      codeHashes: someCodes(),
    })
    expect(added).toBe('void')
    expect(await world.repositories.factors.list(user.id)).toEqual({ factors: [], recoveryCodesLeft: 0 })
    expect(await eventsOf(stolen.id)).toEqual([])
  })

  it.each([
    ['counts', 1, 2],
    ['does not count', 0, 0],
  ])('that %s answers a challenge once of two at once', async (_, before, after) => {
    const { factor } = await withPasskey(before)
    const use = { challenge: aChallenge(), changed: { signCount: after, isBackedUp: true }, now: NOW }
    expect(count(await twice(() => world.repositories.factorUses.usePasskey(factor, use)))).toBe(1)
    expect(await world.repositories.factorUses.usePasskey(factor, use)).toBe(false)
  })

  it('answers with each count of signatures once, so that a copy is found', async () => {
    const { user, factor } = await withPasskey()
    const use = (signCount: number) =>
      world.repositories.factorUses.usePasskey(factor, {
        challenge: aChallenge(),
        changed: { signCount, isBackedUp: false },
        now: NOW,
      })
    expect(count(await twice(() => use(5)))).toBe(1)
    expect(await use(4)).toBe(false)
    expect(await use(0)).toBe(false)
    const found = await world.repositories.factorUses.findPasskey(factor.passkey.credentialId)
    expect(found).toMatchObject({ user: { id: user.id }, factor: { passkey: { signCount: 5 }, lastUsedAt: NOW } })
  })
})

describe('factors', () => {
  it('are known with the account once they are confirmed, and of nobody else', async () => {
    const { user, app } = await withApp()
    const { user: other } = await anAccount()
    await world.repositories.factors.saveUnconfirmed(anApp(other.id))
    const hasFactor = async ({ email }: typeof user) => (await world.accounts.findByEmail(email))?.hasFactor
    expect([await hasFactor(user), await hasFactor(other)]).toEqual([true, false])
    await world.repositories.factors.remove(app, NOW)
    expect(await hasFactor(user)).toBe(false)
  })

  it('are ten at most; more are refused, of either type', async () => {
    const { user } = await anAccount()
    const add = () =>
      world.repositories.factors.addPasskey(aPasskey(user.id), { challenge: aChallenge(), codeHashes: someCodes() })
    for (let factor = 0; factor < 10; factor += 1) expect(await add()).toEqual({ savedCodes: factor === 0 })
    expect(await add()).toBe('too_many')
    expect(await world.repositories.factors.saveUnconfirmed(anApp(user.id))).toBe(false)
  })

  it('of somebody else are not there', async () => {
    const { app } = await withApp()
    const { user: stranger } = await anAccount()
    expect(await world.repositories.factors.remove({ id: app.id, userId: stranger.id }, NOW)).toBe(false)
    expect(count(await twice(() => world.repositories.factors.remove(app, NOW)))).toBe(1)
  })
})

describe('the factors of somebody who has lost them', () => {
  it('are removed with the recovery codes and the sessions, with an event and a mail for each that was confirmed', async () => {
    const { user, app } = await withApp()
    const passkey = aPasskey(user.id)
    await world.repositories.factors.addPasskey(passkey, { challenge: aChallenge(), codeHashes: someCodes() })
    await world.repositories.factors.saveUnconfirmed(anApp(user.id))
    expect(await world.repositories.factors.removeAll(user.id, NOW)).toBe(2)
    expect(await world.repositories.factors.list(user.id)).toEqual({ factors: [], recoveryCodesLeft: 0 })
    expect(await world.sessions.list({ userId: user.id, limit: 10, now: NOW })).toEqual([])
    const told = await Promise.all([app, passkey].map(({ id }) => world.events.list({ key: id, limit: 10 })))
    const ids = told.flat().map(({ id }) => id)
    const mails = await mailAddressRepository(world.database.as('users')).list(ids, NOW)
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
    expect((await twice(() => world.repositories.factors.removeAll(user.id, NOW))).toSorted()).toEqual([0, 1])
    expect((await world.repositories.factors.list(other.id)).factors).toHaveLength(1)
  })
})
