import type { InvalidAccountToken, InvalidPassword, TooBusy } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { credentialCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type EndSessionsDeps, endSessions } from '../sessions/end-sessions.ts'
import { requireRevocations } from '../sessions/require-revocations.ts'
import { type CheckPasswordDeps, checkNewPassword } from './check-new-password.ts'

type NewPassword = { token: string; newPassword: string; address: string; deviceId?: string | undefined }
type ConfirmFailure = InvalidAccountToken | InvalidPassword | TooBusy | ServiceUnavailable
type ConfirmDeps = CheckPasswordDeps &
  EndSessionsDeps &
  Pick<
    UsersDeps,
    | 'accountTokenRows'
    | 'accountTokens'
    | 'limits'
    | 'passwordHashes'
    | 'passwords'
    | 'signIns'
    | 'wakeDeliveries'
    | 'wakeMails'
  >

/**
 * Sets a new password by the token of a mail, and ends all sessions. The token is used only when the password is accepted, and
 * once, however many requests have it at the same time. The device becomes one that the account knows, so that strangers who
 * guess cannot keep its owner out.
 *
 * @returns `service_unavailable` while sessions cannot be ended: then nothing was changed, and the token stays good. Should that
 * fail only after the password was saved, the next sweep ends them
 */
export function confirmPasswordReset(
  deps: ConfirmDeps,
  request: NewPassword,
): Promise<Limited<Result<undefined, ConfirmFailure | RateLimited>>> {
  return withinLimits(
    deps,
    credentialCounters(request),
    () => setPassword(deps, request),
    () => true,
  )
}

async function setPassword(
  deps: ConfirmDeps,
  { token, newPassword, deviceId }: NewPassword,
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
  const reached = await requireRevocations(deps, owner.id)
  if (!reached.ok) return reached
  const isReset = await deps.passwordHashes.reset({ userId: owner.id, tokenHash, passwordHash: hashed.value, now })
  if (!isReset) return fail({ code: 'invalid_account_token' })
  await Promise.all([deps.wakeMails(), deps.wakeDeliveries()])
  // Not the fate of the reset: a device that is not remembered is remembered at its next sign-in.
  if (deviceId !== undefined) await deps.signIns.remember({ email: owner.email, deviceId })
  return endSessions(deps, { userId: owner.id, reason: 'password_reset' })
}
