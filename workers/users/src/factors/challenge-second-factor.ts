import { sha256Hex } from '@shop/kernel/hash'
import { addSeconds } from '@shop/kernel/time'
import type { UsersDeps } from '../deps.ts'
import type { AccountHash } from '../passwords/domain/account-hash.ts'
import { type FactorMethod, MFA_TOKEN_SECONDS } from './domain/factor.ts'

/** A sign-in that goes on with a factor. */
export type SecondFactorRequired = { mfaToken: string; methods: FactorMethod[] }
export type SecondFactorDeps = Pick<UsersDeps, 'mfaTokens' | 'newMfaToken'>

/**
 * What is asked of somebody whose password was right, before they get a session.
 *
 * @returns undefined for an account without a second factor, or one that lost its last factor just now
 */
export async function challengeSecondFactor(
  deps: SecondFactorDeps,
  { userId, passwordHash, hasFactor }: AccountHash & { hasFactor: boolean },
  now: Date,
): Promise<SecondFactorRequired | undefined> {
  if (!hasFactor) return undefined
  const mfaToken = deps.newMfaToken()
  const methods = await deps.mfaTokens.issue({
    tokenHash: await sha256Hex(mfaToken),
    userId,
    passwordVersion: await sha256Hex(passwordHash),
    createdAt: now,
    expiresAt: addSeconds(now, MFA_TOKEN_SECONDS),
  })
  return methods.length === 0 ? undefined : { mfaToken, methods }
}
