import type { UsersDeps } from '../deps.ts'

/** Deletes MFA tokens and answered challenges that have expired, some each time. @returns how many */
export function pruneFactors(deps: Pick<UsersDeps, 'mfaTokens' | 'now'>): Promise<number> {
  return deps.mfaTokens.prune(deps.now())
}
