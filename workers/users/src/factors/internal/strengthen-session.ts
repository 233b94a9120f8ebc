import type { AuthenticationRequired, UserCaller } from '@shop/kernel/caller'
import type { AuthMethod } from '@shop/kernel/proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { User } from '../../accounts/domain/user.ts'
import type { UsersDeps } from '../../deps.ts'
import { type RenewTokenDeps, renewAccessToken } from '../../sessions/renew-access-token.ts'
import { provenBy, strengthened } from '../domain/proof.ts'

export type StrengthenDeps = RenewTokenDeps & Pick<UsersDeps, 'proofs'>

/**
 * Adds a proof of now to the caller's session, for this access token and those to come.
 *
 * @returns 401 when the session has ended meanwhile
 */
export async function strengthenSession(
  deps: StrengthenDeps,
  { user, caller }: { user: User; caller: UserCaller },
  amr: readonly AuthMethod[],
  now: Date,
): Promise<Result<string, AuthenticationRequired>> {
  const { sessionId } = caller
  if (sessionId === undefined) return fail({ code: 'authentication_required' })
  const proof = caller.proof === undefined ? provenBy(amr, now) : strengthened(caller.proof, amr, now)
  if (!(await deps.proofs.save(sessionId, proof))) return fail({ code: 'authentication_required' })
  return ok(await renewAccessToken(deps, user, { sessionId, proof }, now))
}
