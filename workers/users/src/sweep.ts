import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import type { UsersDeps } from './deps.ts'
import { pruneFactors } from './factors/prune-factors.ts'
import { deliverEndedSessions } from './sessions/deliver-ended-sessions.ts'
import { pruneSessions } from './sessions/prune-sessions.ts'
import { pruneInvitations } from './staff/prune-invitations.ts'
import { pruneAccountTokens } from './tokens/prune-account-tokens.ts'

type SweepDeps = Pick<
  UsersDeps,
  'accountTokenRows' | 'creationKeys' | 'events' | 'invitations' | 'mfaTokens' | 'now' | 'revocations' | 'sessions'
>

/** Does what is due by time. Safe to run twice at once. */
export function usersTasks(deps: SweepDeps): SweepTask[] {
  return [
    { name: 'ended_sessions_told', work: () => deliverEndedSessions(deps) },
    { name: 'sessions_pruned', work: async () => onlyBatch(await pruneSessions(deps)) },
    { name: 'factors_pruned', work: async () => onlyBatch(await pruneFactors(deps)) },
    { name: 'account_tokens_pruned', work: async () => onlyBatch(await pruneAccountTokens(deps)) },
    { name: 'invitations_pruned', work: async () => onlyBatch(await pruneInvitations(deps)) },
    { name: 'keys_pruned', work: async () => onlyBatch(await deps.creationKeys.prune(deps.now())) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
  ]
}
