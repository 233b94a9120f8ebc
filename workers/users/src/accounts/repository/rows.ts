import { users } from '@shop/db/schema/users'
import type { UserId } from '@shop/kernel/ids'
import type { User } from '../domain/user.ts'

/** The columns of an account that are read, here and by the sessions; never the password hash. */
export const USER_COLUMNS = {
  id: users.id,
  email: users.email,
  name: users.name,
  role: users.role,
  createdAt: users.createdAt,
}

/** The same, with what only staff see. */
export const RECORD_COLUMNS = { ...USER_COLUMNS, metadata: users.metadata, version: users.version }

type UserRow = Pick<typeof users.$inferSelect, keyof typeof USER_COLUMNS>

export function toUser(row: UserRow): User {
  // Only this worker writes ids, and all of them are TypeIDs.
  return { id: row.id as UserId, email: row.email, name: row.name, role: row.role, createdAt: row.createdAt }
}
