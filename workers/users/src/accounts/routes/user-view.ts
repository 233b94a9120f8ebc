import { ROLES } from '@shop/kernel/caller'
import { opaqueId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import type { User } from '../domain/user.ts'

export const UserView = z
  .strictObject({
    id: opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e'),
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
