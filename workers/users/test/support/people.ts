import { newId } from '@shop/http/ids'
import type { SessionId, UserId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import type { UserWithPassword } from '../../src/accounts/domain/user.ts'
import type { NewSession } from '../../src/sessions/domain/user-session.ts'
import type { NewAccountToken } from '../../src/tokens/domain/account-token.ts'

export const NOW = new Date('2026-11-23T10:00:00.000Z')
export const IN_A_MONTH = new Date('2026-12-23T10:00:00.000Z')

/** A password, now. */
export const PROOF: Proof = { amr: ['pwd'], authTime: NOW.getTime() / 1_000 }

export const unique = () => crypto.randomUUID()

export function newUser(email = `${unique()}@example.com`): UserWithPassword {
  return {
    ...{ id: newId('user'), email, emailVerified: false, name: 'Ada', locale: null },
    ...{ phone: null, marketingConsent: false, role: 'customer', passwordHash: '$argon2id$' },
    ...{ createdAt: NOW, version: 1 },
  }
}

export function newSession(userId: UserId, over: Partial<NewSession> = {}): NewSession {
  const id: SessionId = newId('session')
  const device = { deviceHash: undefined, device: 'Firefox on Linux', place: 'Berlin, DE' }
  const times = { createdAt: NOW, expiresAt: IN_A_MONTH }
  return { id, userId, tokenHash: unique(), ...device, proof: PROOF, ...times, ...over }
}

export function newAccountToken(now = NOW): NewAccountToken {
  return { id: unique(), hash: unique(), createdAt: now, expiresAt: new Date(now.getTime() + 3_600_000) }
}

/** What is saved with a new account. */
export const firstTokens = (userId: UserId, session = newSession(userId)) => ({
  session,
  verification: newAccountToken(),
})
