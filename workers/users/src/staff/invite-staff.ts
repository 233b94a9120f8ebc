import type { EmailTaken } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller, Role } from '@shop/kernel/caller'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { mayGrant } from './domain/grants.ts'
import { type Invitation, invitationExpiry } from './domain/invitation.ts'

/**
 * Invites somebody to become staff with a role. The event of it leads to the mail with the link. Who has an account already gets
 * the role by a change of it.
 */
export async function inviteStaff(
  deps: Pick<UsersDeps, 'invitations' | 'invitationTokens' | 'newInvitationId' | 'now' | 'wakeMails'>,
  caller: Caller,
  { email, role }: { email: string; role: Role },
): Promise<Result<Invitation, AccessFailure | StepUpRequired | EmailTaken>> {
  const staff = requireScope(caller, 'staff:write')
  if (!staff.ok) return staff
  const createdAt = deps.now()
  const proven = requireRecentProof(caller, createdAt)
  if (!proven.ok) return proven
  if (!mayGrant(proven.value.role, role)) return fail({ code: 'forbidden' })
  const id = deps.newInvitationId()
  const invitation = {
    ...{ id, email, role, createdAt },
    invitedBy: proven.value.userId,
    expiresAt: invitationExpiry(createdAt),
    ...{ acceptedAt: null, revokedAt: null },
  }
  const tokenHash = await deps.invitationTokens.hash(await deps.invitationTokens.of(id))
  const saved = await deps.invitations.insert(invitation, tokenHash)
  if (!saved.ok) return saved
  await deps.wakeMails()
  return ok(invitation)
}
