import type { InvalidMfaToken, WrongFactor } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { signInCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type Session, type StartSessionDeps, startSession } from '../sessions/start-session.ts'
import { provenBy } from './domain/proof.ts'
import { type CheckFactorDeps, checkFactor, type PresentedFactor } from './internal/check-factor.ts'

type FactorLogin = { mfaToken: string; presented: PresentedFactor }
type LoginFailure = InvalidMfaToken | WrongFactor
type LoginDeps = StartSessionDeps & CheckFactorDeps & Pick<UsersDeps, 'limits' | 'mfaTokens' | 'now' | 'sessions'>

/**
 * Finishes a sign-in with the second factor. A wrong one counts as a wrong password does, and the token of the first step
 * takes a few attempts only.
 */
export async function loginWithFactor(
  deps: LoginDeps,
  { mfaToken, presented, address }: FactorLogin & { address: string },
): Promise<Limited<Result<Session, LoginFailure | RateLimited | ServiceUnavailable>>> {
  const tokenHash = await sha256Hex(mfaToken)
  const waiting = await deps.mfaTokens.countAttempt(tokenHash, deps.now())
  if (waiting === undefined) return { ...fail({ code: 'invalid_mfa_token' }), limits: [] }
  const isWrong = (failure: LoginFailure) => failure.code === 'wrong_factor'
  const counters = signInCounters({ email: waiting.user.email, address })
  return withinLimits(deps, counters, () => checkAndStart(deps, { tokenHash, presented, ...waiting }), isWrong)
}

async function checkAndStart(
  deps: LoginDeps,
  { tokenHash, presented, user, factors }: Waiting & { tokenHash: string; presented: PresentedFactor },
): Promise<Result<Session, LoginFailure>> {
  const now = deps.now()
  const challenge = { purpose: 'second_factor', subject: tokenHash } as const
  const method = await checkFactor(deps, { userId: user.id, factors }, presented, { challenge, now })
  if (method === undefined) return fail({ code: 'wrong_factor' })
  if (!(await deps.mfaTokens.redeem(tokenHash, now))) return fail({ code: 'invalid_mfa_token' })
  const proof = provenBy(['pwd', method, 'mfa'], now)
  return startSession(deps, user, { proof, now }, async (token) => ok(await deps.sessions.save(token)))
}

type Waiting = NonNullable<Awaited<ReturnType<UsersDeps['mfaTokens']['countAttempt']>>>
