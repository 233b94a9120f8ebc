import type { InvitationMail } from '@shop/contracts/users/rpc'
import { isId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'

/** What the mail of an invitation says, always with the same token; undefined once nobody can take the invitation. */
export async function mailOfInvitation(
  { invitations, invitationTokens, now }: Pick<UsersDeps, 'invitations' | 'invitationTokens' | 'now'>,
  { invitationId }: { invitationId: string },
): Promise<Result<InvitationMail | undefined, never>> {
  const found = isId('invitation', invitationId) ? await invitations.findOpen({ id: invitationId }, now()) : undefined
  const token = found && (await invitationTokens.again(found))
  if (found === undefined || token === undefined) return ok(undefined)
  return ok({ email: found.email, role: found.role, token, expiresAt: found.expiresAt })
}
