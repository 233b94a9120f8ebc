import type { UsersDeps } from '../deps.ts'

/** Forgets tokens of mails that have expired, with the addresses kept with them, some each time. @returns how many */
export function pruneAccountTokens(deps: Pick<UsersDeps, 'accountTokenRows' | 'now'>): Promise<number> {
  return deps.accountTokenRows.prune(deps.now())
}
