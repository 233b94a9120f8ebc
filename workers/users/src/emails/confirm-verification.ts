import type { InvalidAccountToken } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { credentialCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'

/** Verifies the address of an account by the token of a mail. */
export function confirmVerification(
  deps: Pick<UsersDeps, 'accountTokens' | 'emails' | 'limits' | 'now' | 'wakeDeliveries'>,
  { token, address }: { token: string; address: string },
): Promise<Limited<Result<undefined, InvalidAccountToken | RateLimited | ServiceUnavailable>>> {
  return withinLimits(
    deps,
    credentialCounters({ address }),
    async () => {
      const tokenHash = await deps.accountTokens.hash(token)
      const isVerified = await deps.emails.verify({ tokenHash, now: deps.now() })
      if (!isVerified) return fail({ code: 'invalid_account_token' })
      await deps.wakeDeliveries()
      return ok()
    },
    () => true,
  )
}
