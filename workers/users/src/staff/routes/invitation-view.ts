import { ROLES } from '@shop/kernel/caller'
import { opaqueId } from '@shop/kernel/ids'
import { Instant } from '@shop/kernel/text'
import { z } from 'zod'
import { INVITATION_STATUSES, type Invitation, statusOf } from '../domain/invitation.ts'

export const InvitationIdParam = opaqueId('invite_01jd4k2v9rf0fv8z3x1m5q7w2e')

export const StaffRole = z.enum(ROLES.filter((role) => role !== 'customer')).meta({ example: 'support' })

export const InvitationView = z
  .strictObject({
    id: InvitationIdParam,
    email: z.string().meta({ example: 'grace@example.com' }),
    role: z.enum(ROLES).meta({ example: 'support' }),
    status: z.enum(INVITATION_STATUSES).meta({ example: 'open' }),
    invited_by: opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    created_at: Instant,
    expires_at: Instant,
  })
  .meta({ id: 'Invitation' })

export const InvitationWithMessage = z
  .strictObject({ invitation: InvitationView, message: z.string().meta({ example: 'Invitation sent' }) })
  .meta({ id: 'InvitationWithMessage' })

export function toInvitationView(invitation: Invitation, now: Date): z.infer<typeof InvitationView> {
  const { id, email, role, invitedBy, createdAt, expiresAt } = invitation
  return {
    ...{ id, email, role },
    status: statusOf(invitation, now),
    invited_by: invitedBy,
    created_at: createdAt.toISOString(),
    expires_at: expiresAt.toISOString(),
  }
}
