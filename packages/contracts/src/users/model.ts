import type { Id, Role, UserId } from '@shop/kernel'

export type User = {
  id: UserId
  email: string
  name: string | null
  role: Role
  createdAt: Date
}

export type UserWithPassword = User & { passwordHash: string }

export type SessionId = Id<'session'>

/** One refresh token of a session. Only its SHA-256 is kept; all tokens of a session die together. */
export type NewRefreshToken = {
  sessionId: SessionId
  userId: UserId
  tokenHash: string
  expiresAt: Date
  createdAt: Date
}
