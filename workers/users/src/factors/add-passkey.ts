import type { TooManyFactors, WrongProof } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { AddedFactor } from './confirm-totp.ts'
import { MAX_FACTORS, type PasskeyFactor } from './domain/factor.ts'
import { answeredChallenge } from './internal/answered-challenge.ts'
import type { CreatedPasskey } from './internal/passkeys.ts'
import { newRecoveryCodes } from './internal/recovery-codes.ts'
import { type StrengthenDeps, strengthenSession } from './internal/strengthen-session.ts'

export type { CreatedPasskey }

type AddDeps = StrengthenDeps &
  Pick<
    UsersDeps,
    'accounts' | 'challenges' | 'factors' | 'newFactorId' | 'now' | 'passkeys' | 'randomBytes' | 'wakeMails'
  >
type AddFailure = AuthenticationRequired | StepUpRequired | WrongProof | TooManyFactors

/** Adds a passkey to the caller's account, by the answer to a challenge that `startPasskey` gave. */
export async function addPasskey(
  deps: AddDeps,
  caller: Caller,
  { name, response }: { name?: string | undefined; response: CreatedPasskey },
): Promise<Result<AddedFactor, AddFailure>> {
  const now = deps.now()
  const allowed = requireRecentProof(caller, now)
  if (!allowed.ok) return allowed
  const { userId } = allowed.value
  const challenge = await answeredChallenge(deps, response, { purpose: 'register', subject: userId }, now)
  const passkey = challenge && (await deps.passkeys.verifyCreation(response, challenge.challenge))
  if (challenge === undefined || passkey === undefined) return fail({ code: 'wrong_proof' })
  const user = await deps.accounts.find(userId)
  if (user === undefined) return fail({ code: 'authentication_required' })
  const factor: PasskeyFactor = {
    id: deps.newFactorId(),
    userId,
    type: 'passkey',
    name,
    createdAt: now,
    confirmedAt: now,
    lastUsedAt: undefined,
    passkey,
  }
  const { codes, codeHashes } = await newRecoveryCodes(deps.randomBytes, userId)
  const added = await deps.factors.addPasskey(factor, { challenge, codeHashes })
  if (added === 'void') return fail({ code: 'wrong_proof' })
  if (added === 'too_many') return fail({ code: 'too_many_factors', maximum: MAX_FACTORS })
  await deps.wakeMails()
  const token = await strengthenSession(deps, { user, caller: allowed.value }, ['pop'], now)
  if (!token.ok) return token
  return ok({ factor, recoveryCodes: added.savedCodes ? codes : undefined, token: token.value })
}
