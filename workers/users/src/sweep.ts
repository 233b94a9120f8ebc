import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import type { UsersDeps } from './deps.ts'
import { pruneFactors } from './factors/prune-factors.ts'
import { pruneRefreshTokens } from './sessions/prune-refresh-tokens.ts'

/** Does what is due by time. Safe to run twice at once. */
export function usersTasks(deps: Pick<UsersDeps, 'events' | 'mfaTokens' | 'now' | 'sessions'>): SweepTask[] {
  return [
    { name: 'refresh_tokens_pruned', work: async () => onlyBatch(await pruneRefreshTokens(deps)) },
    { name: 'factors_pruned', work: async () => onlyBatch(await pruneFactors(deps)) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
  ]
}
