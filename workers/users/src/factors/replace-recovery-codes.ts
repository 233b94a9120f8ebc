import type { NoFactor } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { newRecoveryCodes } from './internal/recovery-codes.ts'

/** Makes new recovery codes, to be shown once. All earlier ones are void, used or not. */
export async function replaceRecoveryCodes(
  deps: Pick<UsersDeps, 'now' | 'randomBytes' | 'recoveryCodes'>,
  caller: Caller,
): Promise<Result<string[], AuthenticationRequired | StepUpRequired | NoFactor>> {
  const now = deps.now()
  const allowed = requireRecentProof(caller, now)
  if (!allowed.ok) return allowed
  const { userId } = allowed.value
  const { codes, codeHashes } = await newRecoveryCodes(deps.randomBytes, userId)
  return (await deps.recoveryCodes.replace(userId, codeHashes, now)) ? ok(codes) : fail({ code: 'no_factor' })
}
