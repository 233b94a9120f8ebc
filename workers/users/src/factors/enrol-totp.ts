import type { TooManyFactors } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { type Factor, MAX_FACTORS, type TotpFactor } from './domain/factor.ts'
import { base32, otpauthUri, TOTP_SECRET_BYTES } from './internal/totp.ts'

/** A factor with its secret in the clear: as base32 to type, and as a URI for a QR code. */
export type EnrolledTotp = { factor: Factor; secret: string; otpauthUri: string }

type EnrolDeps = Pick<UsersDeps, 'accounts' | 'factors' | 'newFactorId' | 'now' | 'randomBytes' | 'sealer' | 'shopName'>

/** Begins to add an authenticator app. It protects nothing until a code of it was sent. */
export async function enrolTotp(
  deps: EnrolDeps,
  caller: Caller,
  { name }: { name?: string | undefined },
): Promise<Result<EnrolledTotp, AuthenticationRequired | StepUpRequired | TooManyFactors>> {
  const now = deps.now()
  const allowed = requireRecentProof(caller, now)
  if (!allowed.ok) return allowed
  const user = await deps.accounts.find(allowed.value.userId)
  if (user === undefined) return fail({ code: 'authentication_required' })
  const id = deps.newFactorId()
  const secret = deps.randomBytes(TOTP_SECRET_BYTES)
  const factor: TotpFactor = {
    id,
    userId: user.id,
    type: 'totp',
    name,
    createdAt: now,
    confirmedAt: undefined,
    lastUsedAt: undefined,
    sealed: await deps.sealer.seal(secret, id),
    lastStep: 0,
  }
  const saved = await deps.factors.saveUnconfirmed(factor)
  if (!saved) return fail({ code: 'too_many_factors', maximum: MAX_FACTORS })
  const uri = otpauthUri(secret, { issuer: deps.shopName, label: user.email })
  return ok({ factor, secret: base32(secret), otpauthUri: uri })
}
