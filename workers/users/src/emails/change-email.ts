import type { EmailTaken, TooBusy, WrongPassword } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import type { RateLimited } from '@shop/kernel/failures'
import type { UserId } from '@shop/kernel/ids'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { emailChangeCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'

type ChangeEmail = { newEmail: string; password: string; address: string }
type ChangeFailure = AuthenticationRequired | StepUpRequired | WrongPassword | EmailTaken | TooBusy
type ChangeDeps = Pick<
  UsersDeps,
  'accountTokens' | 'emails' | 'limits' | 'now' | 'passwordHashes' | 'passwords' | 'wakeMails'
>

/** Has a link mailed to another address, with which the account changes to it. Until then nothing changes. */
export async function changeEmail(
  deps: ChangeDeps,
  caller: Caller,
  request: ChangeEmail,
): Promise<Limited<Result<undefined, ChangeFailure | RateLimited | ServiceUnavailable>>> {
  const allowed = requireRecentProof(caller, deps.now())
  if (!allowed.ok) return { ...allowed, limits: [] }
  const { userId } = allowed.value
  const isWrong = (failure: ChangeFailure) => failure.code === 'wrong_password'
  const counters = emailChangeCounters({ userId, newEmail: request.newEmail, address: request.address })
  return withinLimits(deps, counters, () => sendLink(deps, userId, request), isWrong)
}

async function sendLink(
  deps: ChangeDeps,
  userId: UserId,
  { newEmail, password }: ChangeEmail,
): Promise<Result<undefined, ChangeFailure>> {
  const found = await deps.passwordHashes.find(userId)
  if (found === undefined) return fail({ code: 'authentication_required' })
  const matches = await deps.passwords.verify(password, found.passwordHash)
  if (!matches.ok) return matches
  if (!matches.value) return fail({ code: 'wrong_password' })
  const token = await deps.accountTokens.make(deps.now())
  const isFree = await deps.emails.requestChange({ userId, passwordHash: found.passwordHash, newEmail, token })
  if (!isFree) return fail({ code: 'email_taken' })
  await deps.wakeMails()
  return ok()
}
