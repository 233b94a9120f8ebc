import type { TooBusy, WrongCredentials } from '@shop/contracts'
import type { RateLimited } from '@shop/kernel'
import { fail, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { signInCounters } from '../domain/counters.ts'
import type { Deps } from '../ports.ts'
import { newSession, type Session, toSession } from './session.ts'
import { type Limited, withinLimits } from './within-limits.ts'

type Credentials = { email: string; password: string }
type LoginFailure = WrongCredentials | TooBusy

/** Signs in, unless its limits are used up: then neither the database nor a hash is asked. */
export function loginUser(
  deps: Deps,
  request: Credentials & { address: string },
): Promise<Limited<Result<Session, LoginFailure | RateLimited | ServiceUnavailable>>> {
  const isWrong = (failure: LoginFailure) => failure.code === 'wrong_credentials'
  return withinLimits(deps, signInCounters(request), () => checkPassword(deps, request), isWrong)
}

/** An unknown address and a wrong password give the same answer after the same work. */
async function checkPassword(deps: Deps, request: Credentials): Promise<Result<Session, LoginFailure>> {
  const now = deps.now()
  const found = await deps.users.findUserByEmail(request.email)
  const matches = await deps.passwords.verify(request.password, found?.passwordHash ?? null)
  if (!matches.ok) return matches
  if (found === null || !matches.value) return fail({ code: 'wrong_credentials' })
  const { passwordHash: _, ...user } = found
  const { refreshToken, row } = await newSession(deps, user.id, now)
  await deps.users.saveRefreshToken(row)
  return ok(await toSession(deps, user, refreshToken, now))
}
