import type { Role, UserId } from '@shop/kernel'

/** An account, without its credentials. */
export type User = {
  id: UserId
  email: string
  name: string | null
  role: Role
  createdAt: Date
}

export type UserWithPassword = User & { passwordHash: string }
