import type { Role, UserId } from '@shop/kernel'

/** An account, without what proves whose it is. */
export type User = {
  id: UserId
  email: string
  name: string | null
  role: Role
  createdAt: Date
}

export type UserWithPassword = User & { passwordHash: string }
