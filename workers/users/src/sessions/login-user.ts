import type { TooBusy, WrongCredentials } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { untilSaved } from '@shop/kernel/until-saved'
import type { UsersDeps } from '../deps.ts'
import {
  challengeSecondFactor,
  type SecondFactorDeps,
  type SecondFactorRequired,
} from '../factors/challenge-second-factor.ts'
import { provenBy } from '../factors/domain/proof.ts'
import { guardSignIn } from '../limits/guard-sign-in.ts'
import type { Limited } from '../limits/within-limits.ts'
import { renewHash } from '../passwords/renew-hash.ts'
import { type Client, type Session, type StartSessionDeps, startSession } from './start-session.ts'

type Credentials = { email: string; password: string; client: Client }
type LoginFailure = WrongCredentials | TooBusy
type LoginDeps = StartSessionDeps &
  SecondFactorDeps &
  Pick<UsersDeps, 'accounts' | 'now' | 'passwordHashes' | 'passwords' | 'sessions' | 'signIns'>

/** What a right password leads to. */
export type LoggedIn = Session | SecondFactorRequired

/** Signs in, or asks for the second factor. When a limit of sign-ins is reached, nothing is read and nothing hashed. */
export function loginUser(
  deps: LoginDeps,
  { address, ...credentials }: Credentials & { address: string },
): Promise<Limited<Result<LoggedIn, LoginFailure | RateLimited | ServiceUnavailable>>> {
  const attempt = { email: credentials.email, address, deviceId: credentials.client.deviceId }
  const isWrong = (failure: LoginFailure) => failure.code === 'wrong_credentials'
  const isWhole = (login: LoggedIn) => !('mfaToken' in login)
  return guardSignIn(deps, attempt, () => untilSaved(() => checkPassword(deps, credentials)), isWrong, isWhole)
}

/**
 * An unknown address and a wrong password give the same answer after the same work.
 *
 * @returns undefined when the account changed meanwhile, so that the password has to be checked again
 */
async function checkPassword(
  deps: LoginDeps,
  { email, password, client }: Credentials,
): Promise<Result<LoggedIn, LoginFailure> | undefined> {
  const now = deps.now()
  const found = await deps.accounts.findByEmail(email)
  const matches = await deps.passwords.verify(password, found?.passwordHash)
  if (!matches.ok) return matches
  if (found === undefined || !matches.value) return fail({ code: 'wrong_credentials' })
  const { passwordHash: checked, hasFactor, ...user } = found
  const passwordHash = await renewHash(deps, { userId: user.id, passwordHash: checked }, password)
  const secondFactor = await challengeSecondFactor(deps, { userId: user.id, passwordHash, hasFactor }, now)
  if (secondFactor !== undefined) return ok(secondFactor)
  const started = await startSession(deps, user, { client, proof: provenBy(['pwd'], now), now }, async (session) =>
    (await deps.sessions.start(session, { role: user.role, passwordHash })) ? ok() : fail({ code: 'changed' }),
  )
  return started.ok ? started : undefined
}
