import type { InvalidPassword, TooBusy, WrongPassword } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller, UserCaller } from '@shop/kernel/caller'
import type { RateLimited } from '@shop/kernel/failures'
import type { SessionId } from '@shop/kernel/ids'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { untilSaved } from '@shop/kernel/until-saved'
import type { UsersDeps } from '../deps.ts'
import { provenBy } from '../factors/domain/proof.ts'
import { passwordCounters } from '../limits/domain/counters.ts'
import { type Limited, withinLimits } from '../limits/within-limits.ts'
import { type EndSessionsDeps, endSessions } from '../sessions/end-sessions.ts'
import { requireRevocations } from '../sessions/require-revocations.ts'
import { type Client, type Session, type StartSessionDeps, startSession } from '../sessions/start-session.ts'
import { type CheckPasswordDeps, checkNewPassword } from './check-new-password.ts'

type ChangePassword = { currentPassword: string; newPassword: string; address: string; client: Client }
type ChangeFailure =
  | AuthenticationRequired
  | StepUpRequired
  | WrongPassword
  | InvalidPassword
  | TooBusy
  | ServiceUnavailable
type ChangeDeps = StartSessionDeps &
  EndSessionsDeps &
  CheckPasswordDeps &
  Pick<UsersDeps, 'limits' | 'passwordHashes' | 'passwords' | 'wakeMails'>

/**
 * Changes the caller's password. All sessions end, and the caller gets a new one, so that neither the old password nor an old
 * token is of any use.
 *
 * @returns `service_unavailable` while sessions cannot be ended: then nothing was changed. Should that fail only after the
 * password was saved, the next sweep ends them, and the caller signs in with the new password
 */
export async function changePassword(
  deps: ChangeDeps,
  caller: Caller,
  request: ChangePassword,
): Promise<Limited<Result<Session, ChangeFailure | RateLimited>>> {
  const allowed = requireRecentProof(caller, deps.now())
  if (!allowed.ok) return { ...allowed, limits: [] }
  const { userId } = allowed.value
  const isWrong = (failure: ChangeFailure) => failure.code === 'wrong_password'
  const counters = passwordCounters({ userId, address: request.address })
  return withinLimits(deps, counters, () => untilSaved(() => change(deps, allowed.value, request)), isWrong)
}

/** @returns undefined when the account changed meanwhile, so that the current password has to be checked again */
async function change(
  deps: ChangeDeps,
  { userId, proof: earlier }: UserCaller,
  { currentPassword, newPassword, client }: ChangePassword,
): Promise<Result<Session, ChangeFailure> | undefined> {
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
  const reached = await requireRevocations(deps, userId)
  if (!reached.ok) return reached
  let except: SessionId | undefined
  // The session goes on under another id, so it has proved what it had proved before.
  const proof = earlier ?? provenBy(['pwd'], now)
  const changed = { ...user, version: user.version + 1 }
  const started = await startSession(deps, changed, { client, proof, now }, async (session) => {
    except = session.id
    const change = { userId, role: user.role, from: passwordHash, to: hashed.value, session, now }
    return (await deps.passwordHashes.change(change)) ? ok() : fail({ code: 'changed' })
  })
  if (!started.ok) return undefined
  await deps.wakeMails()
  const ended = await endSessions(deps, { userId, except, reason: 'password_changed' })
  return ended.ok ? started : ended
}
