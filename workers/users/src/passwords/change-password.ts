import type { InvalidPassword, TooBusy, WrongPassword } from '@shop/contracts/users/failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import type { RateLimited } from '@shop/kernel/failures'
import type { UserId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { UsersDeps } from '../deps.ts'
import { passwordCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type Session, type StartSessionDeps, startSession } from '../sessions/start-session.ts'
import { type CheckPasswordDeps, checkNewPassword } from './check-new-password.ts'

type ChangePassword = { currentPassword: string; newPassword: string; address: string }
type ChangeFailure = AuthenticationRequired | WrongPassword | InvalidPassword | TooBusy
type ChangeDeps = StartSessionDeps &
  CheckPasswordDeps &
  Pick<UsersDeps, 'limits' | 'now' | 'passwordHashes' | 'passwords' | 'wakeMails'>

/**
 * Changes the caller's password. All sessions end, and the caller gets a new one: whoever knows the old password, or has a
 * token of an old session, is out.
 */
export async function changePassword(
  deps: ChangeDeps,
  caller: Caller,
  request: ChangePassword,
): Promise<Limited<Result<Session, ChangeFailure | RateLimited | ServiceUnavailable>>> {
  const allowed = requireUser(caller)
  if (!allowed.ok) return { ...allowed, limits: [] }
  const { userId } = allowed.value
  const isWrong = (failure: ChangeFailure) => failure.code === 'wrong_password'
  const counters = passwordCounters({ userId, address: request.address })
  return withinLimits(deps, counters, () => change(deps, userId, request), isWrong)
}

async function change(
  deps: ChangeDeps,
  userId: UserId,
  { currentPassword, newPassword }: ChangePassword,
): Promise<Result<Session, ChangeFailure>> {
  const now = deps.now()
  const found = await deps.passwordHashes.find(userId)
  if (found === undefined) return fail({ code: 'authentication_required' })
  const { passwordHash, ...user } = found
  const chosen = { password: newPassword, field: 'new_password', email: user.email }
  const accepted = await checkNewPassword(deps, chosen)
  if (!accepted.ok) return accepted
  const matches = await deps.passwords.verify(currentPassword, passwordHash)
  if (!matches.ok) return matches
  if (!matches.value) return fail({ code: 'wrong_password' })
  const hashed = await deps.passwords.hash(newPassword)
  if (!hashed.ok) return hashed
  return startSession(deps, { ...user, version: user.version + 1 }, now, async (session) => {
    const change = { userId, from: passwordHash, to: hashed.value, session, now }
    // Another change was faster, so what the caller knows is no longer the password.
    if (!(await deps.passwordHashes.change(change))) return fail({ code: 'wrong_password' })
    await deps.wakeMails()
    return ok()
  })
}
