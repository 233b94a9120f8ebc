import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import type { UsersDeps } from './deps.ts'
import { pruneRefreshTokens } from './sessions/prune-refresh-tokens.ts'
import { pruneInvitations } from './staff/prune-invitations.ts'
import { pruneAccountTokens } from './tokens/prune-account-tokens.ts'

/** Does what is due by time. Safe to run twice at once. */
export function usersTasks(
  deps: Pick<UsersDeps, 'accountTokenRows' | 'creationKeys' | 'events' | 'invitations' | 'now' | 'sessions'>,
): SweepTask[] {
  return [
    { name: 'refresh_tokens_pruned', work: async () => onlyBatch(await pruneRefreshTokens(deps)) },
    { name: 'account_tokens_pruned', work: async () => onlyBatch(await pruneAccountTokens(deps)) },
    { name: 'invitations_pruned', work: async () => onlyBatch(await pruneInvitations(deps)) },
    { name: 'keys_pruned', work: async () => onlyBatch(await deps.creationKeys.prune(deps.now())) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
  ]
}
