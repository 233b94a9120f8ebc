import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { mailCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'

type RequestDeps = Pick<UsersDeps, 'accounts' | 'accountTokenRows' | 'accountTokens' | 'limits' | 'now' | 'wakeMails'>

/**
 * Has another link mailed that verifies the address of the caller, or the one given. It replaces the link sent before. An
 * address that is verified, or has no account, takes the same work and gets the same answer.
 */
export async function requestVerification(
  deps: RequestDeps,
  caller: Caller,
  { email, address }: { email?: string | undefined; address: string },
): Promise<Limited<Result<undefined, AuthenticationRequired | RateLimited | ServiceUnavailable>>> {
  const asked = email === undefined ? await ownEmail(deps, caller) : ok(email)
  if (!asked.ok) return { ...asked, limits: [] }
  return withinLimits(
    deps,
    mailCounters({ kind: 'verification', email: asked.value, address }),
    async () => {
      const token = await deps.accountTokens.make(deps.now())
      await deps.accountTokenRows.requestByEmail({ kind: 'verification', email: asked.value, token })
      await deps.wakeMails()
      return ok()
    },
    () => true,
  )
}

async function ownEmail(
  { accounts }: Pick<UsersDeps, 'accounts'>,
  caller: Caller,
): Promise<Result<string, AuthenticationRequired>> {
  const allowed = requireUser(caller)
  if (!allowed.ok) return allowed
  const user = await accounts.find(allowed.value.userId)
  return user === undefined ? fail({ code: 'authentication_required' }) : ok(user.email)
}
