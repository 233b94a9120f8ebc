import { sha256Hex } from '@shop/kernel/hash'
import type { UserId } from '@shop/kernel/ids'
import type { AuthMethod } from '@shop/kernel/proof'
import type { UsersDeps } from '../../deps.ts'
import type { ChallengeUse } from '../domain/challenge.ts'
import { isConfirmed, type PasskeyFactor, type StoredFactor, type TotpFactor } from '../domain/factor.ts'
import { normalRecoveryCode } from '../domain/recovery-code.ts'
import { answeredChallenge } from './answered-challenge.ts'
import type { PasskeyAnswer } from './passkeys.ts'
import { stepOfCode } from './totp.ts'

/** What somebody sends to prove that they have a factor. */
export type PresentedFactor =
  | { method: 'code'; code: string }
  | { method: 'recovery_code'; recoveryCode: string }
  | { method: 'passkey'; response: PasskeyAnswer }

export type CheckFactorDeps = Pick<UsersDeps, 'challenges' | 'factorUses' | 'passkeys' | 'recoveryCodes' | 'sealer'>

/**
 * Checks a factor of an account, and uses it: a code, a recovery code and an answer of a passkey count once.
 *
 * @param challenge what a passkey has to have answered
 * @returns how it proves who somebody is, or undefined when it does not
 */
export async function checkFactor(
  deps: CheckFactorDeps,
  owner: { userId: UserId; factors: readonly StoredFactor[] },
  presented: PresentedFactor,
  { challenge, now }: { challenge: ChallengeUse; now: Date },
): Promise<AuthMethod | undefined> {
  if (presented.method === 'recovery_code') {
    const hash = await recoveryCodeHash(owner.userId, presented.recoveryCode)
    return (await deps.recoveryCodes.use(owner.userId, hash, now)) ? 'otp' : undefined
  }
  const confirmed = owner.factors.filter(isConfirmed)
  if (presented.method === 'code') {
    const apps = confirmed.filter((factor): factor is TotpFactor => factor.type === 'totp')
    return (await checkCode(deps, apps, presented.code, now)) ? 'otp' : undefined
  }
  const passkey = confirmed.find((factor): factor is PasskeyFactor => isPasskey(factor, presented.response.id))
  if (passkey === undefined) return undefined
  const answer = { response: presented.response, challenge, verifiesUser: false }
  return (await checkPasskey(deps, passkey, answer, now)) ? 'pop' : undefined
}

const isPasskey = (factor: StoredFactor, credentialId: string) =>
  factor.type === 'passkey' && factor.passkey.credentialId === credentialId

/** The stored form of a recovery code. The account is part of it, so that codes of others do not collide. */
export const recoveryCodeHash = (userId: UserId, code: string): Promise<string> =>
  sha256Hex(`${userId} ${normalRecoveryCode(code)}`)

async function checkCode(
  deps: Pick<UsersDeps, 'factorUses' | 'sealer'>,
  apps: TotpFactor[],
  code: string,
  now: Date,
): Promise<boolean> {
  for (const app of apps) {
    const secret = await deps.sealer.open(app.sealed, app.id)
    const step = stepOfCode(secret, code, now)
    if (step === undefined || step <= app.lastStep) continue
    // A secret moves to the new key when it is used, so that the old key can be given up after a while.
    const resealed = (await deps.sealer.isStale(app.sealed)) ? await deps.sealer.seal(secret, app.id) : undefined
    if (await deps.factorUses.useCode(app, { step, resealed, now })) return true
  }
  return false
}

/**
 * Checks the answer of a passkey, and uses it.
 *
 * @param answer.verifiesUser whether the passkey must have verified its user (PIN, fingerprint), as where it signs in alone
 */
export async function checkPasskey(
  deps: Pick<UsersDeps, 'challenges' | 'factorUses' | 'passkeys'>,
  factor: PasskeyFactor,
  answer: { response: PasskeyAnswer; challenge: ChallengeUse; verifiesUser: boolean },
  now: Date,
): Promise<boolean> {
  const { response, verifiesUser } = answer
  const challenge = await answeredChallenge(deps, response, answer.challenge, now)
  if (challenge === undefined) return false
  const rules = { passkey: factor.passkey, challenge: challenge.challenge, verifiesUser }
  const changed = await deps.passkeys.verifyRequest(response, rules)
  return changed !== undefined && deps.factorUses.usePasskey(factor, { challenge, changed, now })
}
