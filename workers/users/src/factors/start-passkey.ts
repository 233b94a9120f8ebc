import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { passkeysOf } from './domain/factor.ts'
import type { PasskeyCreationOptions } from './internal/passkeys.ts'

export type { PasskeyCreationOptions }

/** What a client passes to its authenticator to make a passkey for the caller (WebAuthn, `create`). */
export async function startPasskey(
  deps: Pick<UsersDeps, 'challenges' | 'factorUses' | 'now' | 'passkeys'>,
  caller: Caller,
): Promise<Result<PasskeyCreationOptions, AuthenticationRequired | StepUpRequired>> {
  const now = deps.now()
  const allowed = requireRecentProof(caller, now)
  if (!allowed.ok) return allowed
  const holder = await deps.factorUses.findHolder(allowed.value.userId)
  if (holder === undefined) return fail({ code: 'authentication_required' })
  const { user, factors } = holder
  const challenge = await deps.challenges.make({ purpose: 'register', subject: user.id }, now)
  return ok(await deps.passkeys.creationOptions({ user, existing: passkeysOf(factors), challenge }))
}
