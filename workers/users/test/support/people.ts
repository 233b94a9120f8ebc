import type { SessionId, UserId } from '@shop/kernel/ids'
import type { Proof } from '@shop/kernel/proof'
import type { UserWithPassword } from '../../src/accounts/domain/user.ts'
import type { NewRefreshToken } from '../../src/sessions/domain/refresh-token.ts'

export const NOW = new Date('2026-11-23T10:00:00.000Z')
export const IN_A_MONTH = new Date('2026-12-23T10:00:00.000Z')

export const unique = () => crypto.randomUUID()

export function newUser(email = `${unique()}@example.com`): UserWithPassword {
  const id: UserId = `user_${unique()}`
  return { id, email, name: 'Ada', role: 'customer', passwordHash: '$argon2id$', createdAt: NOW }
}

export function newToken(userId: UserId, sessionId: SessionId = `session_${unique()}`): NewRefreshToken {
  const proof: Proof = { amr: ['pwd'], authTime: NOW.getTime() / 1_000 }
  return { tokenHash: unique(), sessionId, userId, createdAt: NOW, expiresAt: IN_A_MONTH, proof }
}
