import type { WrongFactor } from '@shop/contracts/users/failures'
import type { RateLimited } from '@shop/kernel/failures'
import { base64url } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { passkeyCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type Client, type Session, type StartSessionDeps, startSession } from '../sessions/start-session.ts'
import { provenBy } from './domain/proof.ts'
import { checkPasskey } from './internal/check-factor.ts'
import type { PasskeyAnswer } from './internal/passkeys.ts'

export type { PasskeyAnswer }

type PasskeyLogin = { response: PasskeyAnswer; client: Client }
type LoginDeps = StartSessionDeps &
  Pick<UsersDeps, 'challenges' | 'factorUses' | 'limits' | 'now' | 'passkeys' | 'sessions' | 'signIns'>

/** Signs in with a passkey alone. It is two factors: the key, and the PIN or the fingerprint that it has asked for. */
export function loginWithPasskey(
  deps: LoginDeps,
  { address, ...login }: PasskeyLogin & { address: string },
): Promise<Limited<Result<Session, WrongFactor | RateLimited | ServiceUnavailable>>> {
  return withinLimits(
    deps,
    passkeyCounters(address),
    () => checkAndStart(deps, login),
    () => true,
  )
}

async function checkAndStart(
  deps: LoginDeps,
  { response, client }: PasskeyLogin,
): Promise<Result<Session, WrongFactor>> {
  const now = deps.now()
  const found = await deps.factorUses.findPasskey(response.id)
  if (found === undefined || !isHandleOf(found.user.id, response)) return fail({ code: 'wrong_factor' })
  const answer = { response, challenge: { purpose: 'sign_in', subject: '' }, verifiesUser: true } as const
  if (!(await checkPasskey(deps, found.factor, answer, now))) return fail({ code: 'wrong_factor' })
  const proof = provenBy(['pop', 'mfa'], now)
  const { user, passwordHash } = found
  const started = await startSession(deps, user, { client, proof, now }, async (session) => {
    // The account changed meanwhile. The answer is used up, so the client asks its passkey again.
    const isStarted = await deps.sessions.start(session, { role: user.role, passwordHash })
    return isStarted ? ok() : fail({ code: 'wrong_factor' })
  })
  // Not the fate of the sign-in: a device that is not remembered is remembered at its next one.
  if (started.ok && client.deviceId !== undefined) {
    await deps.signIns.remember({ email: user.email, deviceId: client.deviceId })
  }
  return started
}

/** A passkey that signs in alone says whose it is; it must be the account that it was made for. */
const isHandleOf = (userId: string, { response }: PasskeyAnswer) =>
  response.userHandle === base64url(new TextEncoder().encode(userId))
