import { type AuthenticationRequired, type Caller, requireUser, type UserCaller } from './caller.ts'
import { hasSecondFactor } from './proof.ts'
import { fail, ok, type Result } from './result.ts'

/** How old the last proof of a session may be where it protects the account itself, such as for a new password. */
export const RECENT_PROOF_SECONDS = 600

/** What a step-up takes; the names are the members of its body. */
export type StepUpMethod = 'password' | 'code' | 'passkey'

/** `maxAge` in seconds. */
export type StepUpRequired = { code: 'step_up_required'; methods: readonly StepUpMethod[]; maxAge: number }

/**
 * Passes a caller on who proved within the last ten minutes who they are, by signing in or by a step-up. Others have to step
 * up first (`POST /api/users/step-up`).
 *
 * A session with a second factor needs the factor again. For another one the password is named too; a step-up refuses it if
 * the account has a factor by now.
 *
 * @returns 401 for anonymous callers, 403 for an old proof and for a session that is older than proofs are
 */
export function requireRecentProof(
  caller: Caller,
  now: Date,
): Result<UserCaller, AuthenticationRequired | StepUpRequired> {
  const allowed = requireUser(caller)
  if (!allowed.ok) return allowed
  const { proof } = allowed.value
  const age = proof === undefined ? Number.POSITIVE_INFINITY : now.getTime() / 1_000 - proof.authTime
  if (age <= RECENT_PROOF_SECONDS) return ok(allowed.value)
  const methods = hasSecondFactor(proof) ? SECOND_FACTORS : ALL_METHODS
  return fail({ code: 'step_up_required', methods, maxAge: RECENT_PROOF_SECONDS })
}

/** How somebody with a second factor steps up: a stolen password alone must not do. */
export const SECOND_FACTORS: readonly StepUpMethod[] = ['code', 'passkey']
const ALL_METHODS: readonly StepUpMethod[] = ['password', ...SECOND_FACTORS]
