import type { Role } from '@shop/kernel/caller'
import type { UserId } from '@shop/kernel/ids'

/** An account, without its credentials. */
export type User = {
  id: UserId
  email: string
  name: string | null
  role: Role
  createdAt: Date
}

export type UserWithPassword = User & { passwordHash: string }
