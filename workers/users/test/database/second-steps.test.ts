import { sha256Hex } from '@shop/kernel/hash'
import { sql } from 'drizzle-orm'
import { describe, expect, it } from 'vitest'
import { NOW, type newUser, unique } from '../support/people.ts'
import { aChallenge, anApp, aPasskey, count, IN_FIVE_MINUTES, someCodes, twice, useFactors } from './use-factors.ts'

const { world, anAccount, withApp, withPasskey } = useFactors()

describe('a sign-in that waits for its second factor', () => {
  async function waiting({ user }: { user: ReturnType<typeof newUser> }) {
    const tokenHash = unique()
    const passwordVersion = await sha256Hex(user.passwordHash)
    const token = { tokenHash, userId: user.id, passwordVersion, createdAt: NOW, expiresAt: IN_FIVE_MINUTES }
    return { tokenHash, methods: await world.repositories.mfaTokens.issue(token) }
  }

  it('is not made for an account without a confirmed factor', async () => {
    const { user } = await anAccount()
    await world.repositories.factors.saveUnconfirmed(anApp(user.id))
    const { tokenHash, methods } = await waiting({ user })
    expect(methods).toEqual([])
    expect(await world.repositories.mfaTokens.find(tokenHash, NOW)).toBeUndefined()
  })

  it('names what the account can send', async () => {
    const { user, app } = await withApp()
    expect((await waiting({ user })).methods).toEqual(['code', 'recovery_code'])
    await world.repositories.factors.addPasskey(aPasskey(user.id), { challenge: aChallenge(), codeHashes: someCodes() })
    expect((await waiting({ user })).methods).toEqual(['code', 'passkey', 'recovery_code'])
    await world.repositories.factors.remove(app, NOW)
    expect((await waiting({ user })).methods).toEqual(['passkey', 'recovery_code'])
  })

  it('takes five attempts, however many come at once', async () => {
    const { user, app } = await withApp()
    const { tokenHash } = await waiting({ user })
    const attempts = await Promise.all(
      Array.from({ length: 12 }, () => world.repositories.mfaTokens.countAttempt(tokenHash, NOW)),
    )
    const counted = attempts.filter((attempt) => attempt !== undefined)
    expect(counted).toHaveLength(5)
    expect(counted[0]).toMatchObject({ user: { id: user.id, email: user.email }, factors: [{ id: app.id }] })
  })

  it('ends once of two at once, and takes nothing afterwards', async () => {
    const { user } = await withApp()
    const { tokenHash } = await waiting({ user })
    expect(await world.repositories.mfaTokens.find(tokenHash, NOW)).toMatchObject({ user: { id: user.id } })
    expect(count(await twice(() => world.repositories.mfaTokens.redeem(tokenHash, NOW)))).toBe(1)
    expect(await world.repositories.mfaTokens.countAttempt(tokenHash, NOW)).toBeUndefined()
  })

  it('ends after five minutes, or when the password changes', async () => {
    const { user } = await withApp()
    const { tokenHash } = await waiting({ user })
    expect(await world.repositories.mfaTokens.countAttempt(tokenHash, IN_FIVE_MINUTES)).toBeUndefined()
    await world.database.as('users').execute(sql`update users.users set password_hash = 'other' where id = ${user.id}`)
    expect(await world.repositories.mfaTokens.redeem(tokenHash, NOW)).toBe(false)
  })

  it('is deleted once it has expired, like the challenges that were answered', async () => {
    const { user } = await withApp()
    const { tokenHash } = await waiting({ user })
    await withPasskey()
    await world.repositories.mfaTokens.prune(IN_FIVE_MINUTES)
    expect(await world.repositories.mfaTokens.find(tokenHash, NOW)).toBeDefined()
    const later = new Date(IN_FIVE_MINUTES.getTime() + 1)
    expect(await world.repositories.mfaTokens.prune(later)).toBeGreaterThanOrEqual(2)
    expect(await world.repositories.mfaTokens.find(tokenHash, NOW)).toBeUndefined()
    expect(await world.repositories.mfaTokens.prune(later)).toBe(0)
  })
})

describe('the proof of a session', () => {
  it('is saved while the session lasts', async () => {
    const { session } = await anAccount()
    const proof = { amr: ['pwd', 'otp', 'mfa'] as const, authTime: 1_795_428_060 }
    expect(await world.repositories.proofs.save(session.id, proof)).toBe(true)
    expect(await world.repositories.proofs.save(`session_${unique()}`, proof)).toBe(false)
  })
})
