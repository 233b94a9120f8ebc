import type { Role } from '@shop/kernel/caller'
import type { InvitationId, UserId } from '@shop/kernel/ids'
import { addSeconds } from '@shop/kernel/time'

const INVITATION_SECONDS = 3 * 24 * 60 * 60

export type Invitation = {
  id: InvitationId
  email: string
  role: Role
  invitedBy: UserId
  createdAt: Date
  expiresAt: Date
  acceptedAt: Date | null
  revokedAt: Date | null
}

export const invitationExpiry = (createdAt: Date): Date => addSeconds(createdAt, INVITATION_SECONDS)

export const INVITATION_STATUSES = ['open', 'accepted', 'revoked', 'expired'] as const
export type InvitationStatus = (typeof INVITATION_STATUSES)[number]

export function statusOf({ acceptedAt, revokedAt, expiresAt }: Invitation, now: Date): InvitationStatus {
  if (acceptedAt !== null) return 'accepted'
  if (revokedAt !== null) return 'revoked'
  return expiresAt > now ? 'open' : 'expired'
}
