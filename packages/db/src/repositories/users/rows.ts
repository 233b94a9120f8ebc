import type { User } from '@shop/contracts'
import type { UserId } from '@shop/kernel'
import { users } from '../../schema/users.ts'

/** What is read of an account, wherever it is read; never the password hash. */
export const USER = {
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  createdAt: users.createdAt,
}

type UserRow = Pick<typeof users.$inferSelect, keyof typeof USER>

export function toUser(row: UserRow): User {
  // Only this module writes ids, and all of them are TypeIDs.
  return { id: row.id as UserId, email: row.email, name: row.name, role: row.role, createdAt: row.createdAt }
}
