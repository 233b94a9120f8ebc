import type { RateLimited } from '@shop/kernel/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { mailCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'

/**
 * Has a link mailed that sets a new password, which replaces one sent before. An address without an account takes the same
 * work and gets the same answer.
 */
export function requestPasswordReset(
  deps: Pick<UsersDeps, 'accountTokenRows' | 'accountTokens' | 'limits' | 'now' | 'wakeMails'>,
  { email, address }: { email: string; address: string },
): Promise<Limited<Result<undefined, RateLimited | ServiceUnavailable>>> {
  return withinLimits(
    deps,
    mailCounters({ kind: 'password_reset', email, address }),
    async () => {
      const token = await deps.accountTokens.make(deps.now())
      await deps.accountTokenRows.requestByEmail({ kind: 'password_reset', email, token })
      await deps.wakeMails()
      return ok()
    },
    () => true,
  )
}
