import type { InvitationNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { Invitation } from './domain/invitation.ts'

/** Withdraws an invitation that nobody has taken. Done twice it is the same. */
export async function revokeInvitation(
  deps: Pick<UsersDeps, 'invitations' | 'now'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<Invitation, AccessFailure | InvitationNotFound>> {
  const staff = requireScope(caller, 'staff:write')
  if (!staff.ok) return staff
  const revoked = isId('invitation', id) ? await deps.invitations.revoke(id, deps.now()) : undefined
  return revoked === undefined ? fail({ code: 'invitation_not_found' }) : ok(revoked)
}
