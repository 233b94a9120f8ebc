import type { TooBusy, WrongCredentials } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import {
  challengeSecondFactor,
  type SecondFactorDeps,
  type SecondFactorRequired,
} from '../factors/challenge-second-factor.ts'
import { provenBy } from '../factors/domain/proof.ts'
import { signInCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type Session, type StartSessionDeps, startSession } from './start-session.ts'

type Credentials = { email: string; password: string }
type LoginFailure = WrongCredentials | TooBusy
type LoginDeps = StartSessionDeps &
  SecondFactorDeps &
  Pick<UsersDeps, 'accounts' | 'limits' | 'now' | 'passwords' | 'sessions'>

/** What a right password leads to. */
export type LoggedIn = Session | SecondFactorRequired

/** Signs in, or asks for the second factor. When a limit of sign-ins is reached, nothing is read and nothing hashed. */
export function loginUser(
  deps: LoginDeps,
  request: Credentials & { address: string },
): Promise<Limited<Result<LoggedIn, LoginFailure | RateLimited | ServiceUnavailable>>> {
  const isWrong = (failure: LoginFailure) => failure.code === 'wrong_credentials'
  return withinLimits(deps, signInCounters(request), () => checkPassword(deps, request), isWrong)
}

/** An unknown address and a wrong password give the same answer after the same work. */
async function checkPassword(deps: LoginDeps, request: Credentials): Promise<Result<LoggedIn, LoginFailure>> {
  const now = deps.now()
  const found = await deps.accounts.findByEmail(request.email)
  const matches = await deps.passwords.verify(request.password, found?.passwordHash)
  if (!matches.ok) return matches
  if (found === undefined || !matches.value) return fail({ code: 'wrong_credentials' })
  const secondFactor = await challengeSecondFactor(deps, found, now)
  if (secondFactor !== undefined) return ok(secondFactor)
  const { passwordHash: _, hasFactor: __, ...user } = found
  return startSession(deps, user, { proof: provenBy(['pwd'], now), now }, async (token) =>
    ok(await deps.sessions.save(token)),
  )
}
