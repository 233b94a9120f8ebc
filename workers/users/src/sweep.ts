import type { SweepReport } from '@shop/contracts'
import type { UsersDeps } from './deps.ts'
import { pruneRefreshTokens } from './sessions/prune-refresh-tokens.ts'

/** Does what is due by time. Safe to run twice at once. */
export function sweepUsers(deps: UsersDeps): Promise<SweepReport> {
  return pruneRefreshTokens(deps)
}
