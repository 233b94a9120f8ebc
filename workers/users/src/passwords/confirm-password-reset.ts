import type { InvalidAccountToken, InvalidPassword, TooBusy } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { credentialCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type CheckPasswordDeps, checkNewPassword } from './check-new-password.ts'

type NewPassword = { token: string; newPassword: string; address: string }
type ConfirmFailure = InvalidAccountToken | InvalidPassword | TooBusy
type ConfirmDeps = CheckPasswordDeps &
  Pick<
    UsersDeps,
    'accountTokenRows' | 'accountTokens' | 'limits' | 'now' | 'passwordHashes' | 'passwords' | 'wakeMails'
  >

/**
 * Sets a new password by the token of a mail, and ends all sessions. The token is used only when the password is accepted, and
 * once, however many requests have it at the same time.
 */
export function confirmPasswordReset(
  deps: ConfirmDeps,
  request: NewPassword,
): Promise<Limited<Result<undefined, ConfirmFailure | RateLimited | ServiceUnavailable>>> {
  return withinLimits(
    deps,
    credentialCounters(request),
    () => setPassword(deps, request),
    () => true,
  )
}

async function setPassword(
  deps: ConfirmDeps,
  { token, newPassword }: NewPassword,
): Promise<Result<undefined, ConfirmFailure>> {
  const now = deps.now()
  const tokenHash = await deps.accountTokens.hash(token)
  const owner = await deps.accountTokenRows.findOwner({ kind: 'password_reset', tokenHash, now })
  if (owner === undefined) return fail({ code: 'invalid_account_token' })
  const chosen = { password: newPassword, field: 'new_password', email: owner.email }
  const accepted = await checkNewPassword(deps, chosen)
  if (!accepted.ok) return accepted
  const hashed = await deps.passwords.hash(newPassword)
  if (!hashed.ok) return hashed
  const isReset = await deps.passwordHashes.reset({ tokenHash, passwordHash: hashed.value, now })
  if (!isReset) return fail({ code: 'invalid_account_token' })
  await deps.wakeMails()
  return ok()
}
