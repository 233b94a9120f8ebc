import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import { USERS_EVENTS_RECEIVERS } from '@shop/contracts/users/delivered-events'
import type { UsersDeps } from './deps.ts'
import { deliverEvents } from './events/deliver-events.ts'
import { pruneFactors } from './factors/prune-factors.ts'
import { deliverEndedSessions } from './sessions/deliver-ended-sessions.ts'
import { pruneSessions } from './sessions/prune-sessions.ts'
import { pruneInvitations } from './staff/prune-invitations.ts'
import { pruneAccountTokens } from './tokens/prune-account-tokens.ts'

type DeliverDeps = Parameters<typeof deliverEvents>[0]
type SweepDeps = DeliverDeps &
  Pick<UsersDeps, 'accountTokenRows' | 'creationKeys' | 'invitations' | 'mfaTokens' | 'revocations' | 'sessions'>

/** Does what is due by time. Safe to run twice at once. */
export function usersTasks(deps: SweepDeps): SweepTask[] {
  return [
    { name: 'ended_sessions_told', work: () => deliverEndedSessions(deps) },
    ...deliveryTasks(deps),
    { name: 'sessions_pruned', work: async () => onlyBatch(await pruneSessions(deps)) },
    { name: 'factors_pruned', work: async () => onlyBatch(await pruneFactors(deps)) },
    { name: 'account_tokens_pruned', work: async () => onlyBatch(await pruneAccountTokens(deps)) },
    { name: 'invitations_pruned', work: async () => onlyBatch(await pruneInvitations(deps)) },
    { name: 'keys_pruned', work: async () => onlyBatch(await deps.creationKeys.prune(deps.now())) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
  ]
}

/** Delivers events to the services that consume them. Also done alone, right after a change that wrote some. */
export function deliveryTasks(deps: DeliverDeps): SweepTask[] {
  return USERS_EVENTS_RECEIVERS.map((receiver) => ({
    name: `events_delivered_to_${receiver}`,
    work: () => deliverEvents(deps, receiver),
  }))
}
