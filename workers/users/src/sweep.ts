import { onlyBatch, type SweepTask } from '@shop/contracts/service'
import type { UsersDeps } from './deps.ts'
import { deliverEndedSessions } from './sessions/deliver-ended-sessions.ts'
import { pruneSessions } from './sessions/prune-sessions.ts'

/** Does what is due by time. Safe to run twice at once. */
export function usersTasks(deps: Pick<UsersDeps, 'events' | 'now' | 'revocations' | 'sessions'>): SweepTask[] {
  return [
    { name: 'ended_sessions_told', work: () => deliverEndedSessions(deps) },
    { name: 'sessions_pruned', work: async () => onlyBatch(await pruneSessions(deps)) },
    { name: 'events_pruned', work: async () => onlyBatch(await deps.events.prune(deps.now())) },
  ]
}
