import type { SweepReport } from '@shop/contracts'
import type { UsersDeps } from '../deps.ts'

/** Deletes refresh tokens that have expired, some each time. */
export async function pruneRefreshTokens(deps: Pick<UsersDeps, 'now' | 'sessions'>): Promise<SweepReport> {
  return { refresh_tokens_pruned: await deps.sessions.prune(deps.now()) }
}
