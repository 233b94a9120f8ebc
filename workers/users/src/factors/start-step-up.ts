import type { NoFactor } from '@shop/contracts/users/failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { passkeysOf } from './domain/factor.ts'
import type { PasskeyRequestOptions } from './internal/passkeys.ts'

/** What a client passes to its authenticator for a step-up with a passkey of the caller (WebAuthn, `get`). */
export async function startStepUp(
  deps: Pick<UsersDeps, 'challenges' | 'factors' | 'now' | 'passkeys'>,
  caller: Caller,
): Promise<Result<PasskeyRequestOptions, AuthenticationRequired | NoFactor>> {
  const signedIn = requireUser(caller)
  if (!signedIn.ok) return signedIn
  const { userId } = signedIn.value
  const { factors } = await deps.factors.list(userId)
  const allowed = passkeysOf(factors)
  if (allowed.length === 0) return fail({ code: 'no_factor' })
  const challenge = await deps.challenges.make({ purpose: 'step_up', subject: userId }, deps.now())
  return ok(await deps.passkeys.requestOptions({ allowed, challenge, verifiesUser: false }))
}
