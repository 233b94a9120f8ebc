import { users } from '@shop/db/schema/users'
import type { UserId } from '@shop/kernel/ids'
import type { User } from '../domain/user.ts'

/** The columns of an account that are read, here and by the sessions; never the password hash. */
export const USER_COLUMNS = {
  id: users.id,
  email: users.email,
  emailVerifiedAt: users.emailVerifiedAt,
  name: users.name,
  locale: users.locale,
  phone: users.phone,
  marketingConsentAt: users.marketingConsentAt,
  role: users.role,
  createdAt: users.createdAt,
  version: users.version,
}

/** The same, with what only staff see. */
export const RECORD_COLUMNS = { ...USER_COLUMNS, metadata: users.metadata }

type UserRow = Pick<typeof users.$inferSelect, keyof typeof USER_COLUMNS>

export function toUser(row: UserRow): User {
  const { emailVerifiedAt, marketingConsentAt, ...user } = row
  return {
    ...{ email: user.email, emailVerified: emailVerifiedAt !== null, name: user.name, locale: user.locale },
    ...{ phone: user.phone, marketingConsent: marketingConsentAt !== null, role: user.role },
    ...{ createdAt: user.createdAt, version: user.version },
    // Only this worker writes ids, and all of them are TypeIDs.
    id: user.id as UserId,
  }
}
