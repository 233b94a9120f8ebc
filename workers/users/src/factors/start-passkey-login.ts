import type { InvalidMfaToken } from '@shop/contracts/users/failures'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { passkeysOf } from './domain/factor.ts'
import type { PasskeyRequestOptions } from './internal/passkeys.ts'

export type { PasskeyRequestOptions }

/**
 * What a client passes to its authenticator to sign in (WebAuthn, `get`). Without a token of a first step the passkey signs
 * in alone: it is not asked whose it is, and it verifies its user.
 */
export async function startPasskeyLogin(
  deps: Pick<UsersDeps, 'challenges' | 'mfaTokens' | 'now' | 'passkeys'>,
  { mfaToken }: { mfaToken?: string | undefined },
): Promise<Result<PasskeyRequestOptions, InvalidMfaToken>> {
  const now = deps.now()
  if (mfaToken === undefined) {
    const challenge = await deps.challenges.make({ purpose: 'sign_in', subject: '' }, now)
    return ok(await deps.passkeys.requestOptions({ allowed: [], challenge, verifiesUser: true }))
  }
  const tokenHash = await sha256Hex(mfaToken)
  const waiting = await deps.mfaTokens.find(tokenHash, now)
  const allowed = waiting && passkeysOf(waiting.factors)
  if (allowed === undefined || allowed.length === 0) return fail({ code: 'invalid_mfa_token' })
  const challenge = await deps.challenges.make({ purpose: 'second_factor', subject: tokenHash }, now)
  return ok(await deps.passkeys.requestOptions({ allowed, challenge, verifiesUser: false }))
}
