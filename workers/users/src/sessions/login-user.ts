import type { TooBusy, WrongCredentials } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { signInCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { renewHash } from '../passwords/renew-hash.ts'
import { type Session, type StartSessionDeps, startSession } from './start-session.ts'

type Credentials = { email: string; password: string }
type LoginFailure = WrongCredentials | TooBusy
type LoginDeps = StartSessionDeps &
  Pick<UsersDeps, 'accounts' | 'limits' | 'now' | 'passwordHashes' | 'passwords' | 'sessions'>

/** Signs in. When a limit of sign-ins is reached, nothing is read and nothing hashed. */
export function loginUser(
  deps: LoginDeps,
  request: Credentials & { address: string },
): Promise<Limited<Result<Session, LoginFailure | RateLimited | ServiceUnavailable>>> {
  const isWrong = (failure: LoginFailure) => failure.code === 'wrong_credentials'
  return withinLimits(deps, signInCounters(request), () => checkPassword(deps, request), isWrong)
}

/** An unknown address and a wrong password give the same answer after the same work. */
async function checkPassword(deps: LoginDeps, request: Credentials): Promise<Result<Session, LoginFailure>> {
  const now = deps.now()
  const found = await deps.accounts.findByEmail(request.email)
  const matches = await deps.passwords.verify(request.password, found?.passwordHash)
  if (!matches.ok) return matches
  if (found === undefined || !matches.value) return fail({ code: 'wrong_credentials' })
  const { passwordHash, ...user } = found
  await renewHash(deps, { userId: user.id, passwordHash }, request.password)
  return startSession(deps, user, now, async (token) => ok(await deps.sessions.save(token)))
}
