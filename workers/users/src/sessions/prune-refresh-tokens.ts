import type { UsersDeps } from '../deps.ts'

/** Deletes refresh tokens that have expired, some each time. @returns how many */
export function pruneRefreshTokens(deps: Pick<UsersDeps, 'now' | 'sessions'>): Promise<number> {
  return deps.sessions.prune(deps.now())
}
