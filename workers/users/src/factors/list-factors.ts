import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { Factor } from './domain/factor.ts'

/** The caller's own factors, those too that are still to be confirmed. */
export async function listFactors(
  deps: Pick<UsersDeps, 'factors'>,
  caller: Caller,
): Promise<Result<{ factors: Factor[]; recoveryCodesLeft: number }, AuthenticationRequired>> {
  const allowed = requireUser(caller)
  return allowed.ok ? ok(await deps.factors.list(allowed.value.userId)) : allowed
}
