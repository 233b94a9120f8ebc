import type { EmailTaken, InvalidAccountToken } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import type { Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { credentialCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'

/**
 * Changes the address of an account to the one that the token was mailed to. When another account took that address since, the
 * token stays good, for when it is free again.
 */
export function confirmEmail(
  deps: Pick<UsersDeps, 'accountTokens' | 'emails' | 'limits' | 'now' | 'wakeDeliveries' | 'wakeMails'>,
  { token, address }: { token: string; address: string },
): Promise<Limited<Result<undefined, InvalidAccountToken | EmailTaken | RateLimited | ServiceUnavailable>>> {
  return withinLimits(
    deps,
    credentialCounters({ address }),
    async () => {
      const changed = await deps.emails.change({ tokenHash: await deps.accountTokens.hash(token), now: deps.now() })
      if (changed.ok) await Promise.all([deps.wakeMails(), deps.wakeDeliveries()])
      return changed
    },
    () => true,
  )
}
