import type { UserId } from '@shop/kernel/ids'
import type { UserWithPassword } from '../../src/accounts/domain/user.ts'
import type { NewRefreshToken, SessionId } from '../../src/sessions/domain/refresh-token.ts'
import type { NewAccountToken } from '../../src/tokens/domain/account-token.ts'

export const NOW = new Date('2026-11-23T10:00:00.000Z')
export const IN_A_MONTH = new Date('2026-12-23T10:00:00.000Z')

export const unique = () => crypto.randomUUID()

export function newUser(email = `${unique()}@example.com`): UserWithPassword {
  const id: UserId = `user_${unique()}`
  return {
    ...{ id, email, emailVerified: false, name: 'Ada', locale: null },
    ...{ phone: null, marketingConsent: false, role: 'customer', passwordHash: '$argon2id$' },
    ...{ createdAt: NOW, version: 1 },
  }
}

export function newToken(userId: UserId, sessionId: SessionId = `session_${unique()}`): NewRefreshToken {
  return { tokenHash: unique(), sessionId, userId, createdAt: NOW, expiresAt: IN_A_MONTH }
}

export function newAccountToken(now = NOW): NewAccountToken {
  return { id: unique(), hash: unique(), createdAt: now, expiresAt: new Date(now.getTime() + 3_600_000) }
}

/** What is saved with a new account. */
export const firstTokens = (userId: UserId) => ({ session: newToken(userId), verification: newAccountToken() })
