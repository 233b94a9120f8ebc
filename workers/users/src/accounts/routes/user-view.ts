import { ROLES } from '@shop/kernel/caller'
import { opaqueId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { User, UserRecord } from '../domain/user.ts'

export const UserIdParam = opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const UserView = z
  .strictObject({
    id: UserIdParam,
    email: z.string().meta({ example: 'ada@example.com' }),
    name: z.string().nullable().meta({ example: 'Ada Lovelace' }),
    role: z.enum(ROLES).meta({ example: 'customer' }),
    created_at: Instant,
  })
  .meta({ id: 'User' })
export type UserView = z.infer<typeof UserView>

export function toUserView({ id, email, name, role, createdAt }: User): UserView {
  return { id, email, name, role, created_at: createdAt.toISOString() }
}

/** An account as staff see it. */
export const UserRecordView = UserView.extend({
  metadata: z.record(z.string(), z.string()).meta({ description: 'Shown to staff only', example: {} }),
  version: z.int().meta({ description: 'Counts the changes. For If-Match, as in the ETag', example: 1 }),
}).meta({ id: 'UserRecord' })

export function toUserRecordView(user: UserRecord): z.infer<typeof UserRecordView> {
  return { ...toUserView(user), metadata: user.metadata, version: user.version }
}
