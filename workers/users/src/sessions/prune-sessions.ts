import type { UsersDeps } from '../deps.ts'

/** Deletes sessions that have expired with their refresh tokens, some each time. @returns how many */
export function pruneSessions(deps: Pick<UsersDeps, 'now' | 'sessions'>): Promise<number> {
  return deps.sessions.prune(deps.now())
}
