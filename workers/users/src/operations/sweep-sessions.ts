import type { SweepReport } from '@shop/contracts'
import type { Deps } from '../ports.ts'

/** Forgets refresh tokens that have expired, some each time. */
export async function sweepSessions(deps: Deps): Promise<SweepReport> {
  return { refresh_tokens_pruned: await deps.users.pruneRefreshTokens(deps.now()) }
}
