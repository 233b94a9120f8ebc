import type { TooBusy, WrongProof } from '@shop/contracts/users/failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import type { RateLimited } from '@shop/kernel/failures'
import type { AuthMethod } from '@shop/kernel/proof'
import { RECENT_PROOF_SECONDS, SECOND_FACTORS, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { guardSignIn } from '../limits/guard-sign-in.ts'
import type { Limited } from '../limits/within-limits.ts'
import { isConfirmed } from './domain/factor.ts'
import { type CheckFactorDeps, checkFactor, type PresentedFactor } from './internal/check-factor.ts'
import { type StrengthenDeps, strengthenSession } from './internal/strengthen-session.ts'

export type PresentedProof = { method: 'password'; password: string } | Exclude<PresentedFactor, RecoveryCode>
type RecoveryCode = { method: 'recovery_code' }

type Holder = NonNullable<Awaited<ReturnType<UsersDeps['factorUses']['findHolder']>>>
type StepUpFailure = AuthenticationRequired | StepUpRequired | WrongProof | TooBusy
type StepUpDeps = StrengthenDeps & CheckFactorDeps & Pick<UsersDeps, 'now' | 'passwords' | 'signIns'>

/**
 * Proves again who the caller is, for what `requireRecentProof` protects. An account with a second factor needs the factor;
 * the password alone is refused. A wrong proof counts as a wrong password does.
 *
 * @returns a fresh access token of the same session
 */
export async function stepUp(
  deps: StepUpDeps,
  caller: Caller,
  { presented, ...from }: { presented: PresentedProof; address: string; deviceId?: string | undefined },
): Promise<Limited<Result<string, StepUpFailure | RateLimited | ServiceUnavailable>>> {
  const allowed = requireUser(caller)
  if (!allowed.ok) return { ...allowed, limits: [] }
  const holder = await deps.factorUses.findHolder(allowed.value.userId)
  if (holder === undefined) return { ...fail({ code: 'authentication_required' }), limits: [] }
  const prove = async (): Promise<Result<string, StepUpFailure>> => {
    const now = deps.now()
    const method = await checkProof(deps, holder, presented, now)
    return method.ok
      ? strengthenSession(deps, { user: holder.user, caller: allowed.value }, [method.value], now)
      : method
  }
  const isWrong = (failure: StepUpFailure) => failure.code === 'wrong_proof'
  return guardSignIn(deps, { email: holder.user.email, ...from }, prove, isWrong)
}

async function checkProof(
  deps: StepUpDeps,
  { user, passwordHash, factors }: Holder,
  presented: PresentedProof,
  now: Date,
): Promise<Result<AuthMethod, StepUpRequired | WrongProof | TooBusy>> {
  if (presented.method === 'password') {
    if (factors.some(isConfirmed)) {
      return fail({ code: 'step_up_required', methods: SECOND_FACTORS, maxAge: RECENT_PROOF_SECONDS })
    }
    const matches = await deps.passwords.verify(presented.password, passwordHash)
    if (!matches.ok) return matches
    return matches.value ? ok('pwd') : fail({ code: 'wrong_proof' })
  }
  const challenge = { purpose: 'step_up', subject: user.id } as const
  const method = await checkFactor(deps, { userId: user.id, factors }, presented, { challenge, now })
  return method === undefined ? fail({ code: 'wrong_proof' }) : ok(method)
}
