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
    email_verified: z.boolean().meta({ description: 'Whether mails to the address reach its owner', example: true }),
    name: z.string().nullable().meta({ example: 'Ada Lovelace' }),
    locale: z.string().nullable().meta({ description: 'Language of mails: a BCP 47 tag', example: 'en' }),
    phone: z.string().nullable().meta({ description: 'E.164', example: '+12175550142' }),
    marketing_consent: z.boolean().meta({ description: 'Whether the shop may send advertisements', example: false }),
    role: z.enum(ROLES).meta({ example: 'customer' }),
    created_at: Instant,
    version: z.int().meta({ description: 'Counts the changes. For If-Match, as in the ETag', example: 1 }),
  })
  .meta({ id: 'User' })
export type UserView = z.infer<typeof UserView>

export function toUserView({ id, email, name, locale, phone, role, version, ...user }: User): UserView {
  return {
    ...{ id, email, email_verified: user.emailVerified, name, locale, phone, role, version },
    marketing_consent: user.marketingConsent,
    created_at: user.createdAt.toISOString(),
  }
}

/** An account as staff see it. */
export const UserRecordView = UserView.extend({
  metadata: z.record(z.string(), z.string()).meta({ description: 'Shown to staff only', example: {} }),
}).meta({ id: 'UserRecord' })

export function toUserRecordView(user: UserRecord): z.infer<typeof UserRecordView> {
  return { ...toUserView(user), metadata: user.metadata }
}
