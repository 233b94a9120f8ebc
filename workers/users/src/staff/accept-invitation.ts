import type { EmailTaken, InvalidPassword, InvitationNotFound, TooBusy } from '@shop/contracts/users/failures'
import { fail, type Result } from '@shop/kernel/result'
import type { User } from '../accounts/domain/user.ts'
import type { UsersDeps } from '../deps.ts'
import { type CheckPasswordDeps, checkNewPassword } from '../passwords/check-new-password.ts'

type Acceptance = { token: string; name: string; password: string }
type AcceptDeps = CheckPasswordDeps &
  Pick<UsersDeps, 'invitations' | 'invitationTokens' | 'newUserId' | 'now' | 'passwords' | 'wakeDeliveries'>

/**
 * Makes the account of an invited person, who then signs in like everybody. An invitation is taken once; having its token proves
 * that its e-mail address is theirs.
 */
export async function acceptInvitation(
  deps: AcceptDeps,
  { token, name, password }: Acceptance,
): Promise<Result<User, InvitationNotFound | InvalidPassword | EmailTaken | TooBusy>> {
  const now = deps.now()
  const tokenHash = await deps.invitationTokens.hash(token)
  // Hashing a password costs more than a read, and anybody may send a token.
  const open = await deps.invitations.findOpen({ tokenHash }, now)
  if (open === undefined) return fail({ code: 'invitation_not_found' })
  const accepted = await checkNewPassword(deps, { password, field: 'password', email: open.email })
  if (!accepted.ok) return accepted
  const hashed = await deps.passwords.hash(password)
  if (!hashed.ok) return hashed
  const staff = { userId: deps.newUserId(), name, passwordHash: hashed.value, tokenHash, now }
  const made = await deps.invitations.accept(staff)
  if (made.ok) await deps.wakeDeliveries()
  return made
}
