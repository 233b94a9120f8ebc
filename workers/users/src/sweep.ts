import type { SweepReport } from '@shop/contracts/service'
import type { UsersDeps } from './deps.ts'
import { pruneRefreshTokens } from './sessions/prune-refresh-tokens.ts'

/** Does what is due by time. Safe to run twice at once. */
export async function sweepUsers(deps: Pick<UsersDeps, 'events' | 'now' | 'sessions'>): Promise<SweepReport> {
  const [tokens, events] = await Promise.all([pruneRefreshTokens(deps), deps.events.prune(deps.now())])
  return { refresh_tokens_pruned: tokens, events_pruned: events }
}
