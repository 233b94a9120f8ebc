import type { EmailTaken, InvalidAccountToken } from '@shop/contracts/users/failures'
import type { Caller } from '@shop/kernel/caller'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { credentialCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type EndSessionsDeps, endSessions } from '../sessions/end-sessions.ts'
import { requireRevocations } from '../sessions/require-revocations.ts'

type ConfirmFailure = InvalidAccountToken | EmailTaken | ServiceUnavailable
type ConfirmDeps = EndSessionsDeps &
  Pick<UsersDeps, 'accountTokenRows' | 'accountTokens' | 'emails' | 'limits' | 'wakeDeliveries' | 'wakeMails'>

/**
 * Changes the address of an account to the one that the token was mailed to. When another account took that address since, the
 * token stays good, for when it is free again.
 *
 * Whoever reads the mails of the old address must not stay signed in, so all sessions end, but for the one of the owner that
 * confirms it (OWASP ASVS 5.0, 7.4.3).
 *
 * @returns `service_unavailable` while sessions cannot be ended: then nothing was changed, and the token stays good. Should that
 * fail only after the address was saved, the next sweep ends them
 */
export function confirmEmail(
  deps: ConfirmDeps,
  caller: Caller,
  { token, address }: { token: string; address: string },
): Promise<Limited<Result<undefined, ConfirmFailure | RateLimited>>> {
  return withinLimits(
    deps,
    credentialCounters({ address }),
    () => change(deps, caller, token),
    () => true,
  )
}

async function change(deps: ConfirmDeps, caller: Caller, token: string): Promise<Result<undefined, ConfirmFailure>> {
  const now = deps.now()
  const tokenHash = await deps.accountTokens.hash(token)
  const owner = await deps.accountTokenRows.findOwner({ kind: 'email_change', tokenHash, now })
  if (owner === undefined) return fail({ code: 'invalid_account_token' })
  const reached = await requireRevocations(deps, owner.id)
  if (!reached.ok) return reached
  const except = caller.kind === 'user' && caller.userId === owner.id ? caller.sessionId : undefined
  const changed = await deps.emails.change({ userId: owner.id, tokenHash, now, except })
  if (!changed.ok) return changed
  await Promise.all([deps.wakeMails(), deps.wakeDeliveries()])
  return endSessions(deps, { userId: owner.id, except, reason: 'email_changed' })
}
