import type { FactorNotFound, WrongProof } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { type Factor, isConfirmed, type TotpFactor } from './domain/factor.ts'
import { newRecoveryCodes } from './internal/recovery-codes.ts'
import { type StrengthenDeps, strengthenSession } from './internal/strengthen-session.ts'
import { stepOfCode } from './internal/totp.ts'

/** A factor that protects the account from now on. */
export type AddedFactor = {
  factor: Factor
  /** To be shown once. Absent when the account has codes already. */
  recoveryCodes: string[] | undefined
  /** An access token of the session, which has two factors now. */
  token: string
}

type ConfirmDeps = StrengthenDeps &
  Pick<UsersDeps, 'factors' | 'factorUses' | 'now' | 'randomBytes' | 'sealer' | 'wakeMails'>
type ConfirmFailure = AuthenticationRequired | StepUpRequired | FactorNotFound | WrongProof

/** Confirms an authenticator app by a code of it. That code is used: it cannot sign in as well. */
export async function confirmTotp(
  deps: ConfirmDeps,
  caller: Caller,
  { id, code }: { id: string; code: string },
): Promise<Result<AddedFactor, ConfirmFailure>> {
  const now = deps.now()
  const allowed = requireRecentProof(caller, now)
  if (!allowed.ok) return allowed
  const holder = await deps.factorUses.findHolder(allowed.value.userId)
  if (holder === undefined) return fail({ code: 'authentication_required' })
  const factor = holder.factors.find((one): one is TotpFactor => one.id === id && one.type === 'totp')
  if (factor === undefined || isConfirmed(factor)) return fail({ code: 'factor_not_found' })
  const step = stepOfCode(await deps.sealer.open(factor.sealed, factor.id), code, now)
  if (step === undefined) return fail({ code: 'wrong_proof' })
  const { codes, codeHashes } = await newRecoveryCodes(deps.randomBytes, holder.user.id)
  const confirmed = await deps.factors.confirm(factor, { step, codeHashes, now })
  if (confirmed === undefined) return fail({ code: 'factor_not_found' })
  await deps.wakeMails()
  const token = await strengthenSession(deps, { user: holder.user, caller: allowed.value }, ['otp'], now)
  if (!token.ok) return token
  return ok({
    factor: { ...factor, confirmedAt: now, lastUsedAt: now },
    recoveryCodes: confirmed.savedCodes ? codes : undefined,
    token: token.value,
  })
}
