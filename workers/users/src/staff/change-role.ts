import type { LastAdmin, UserNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller, Role } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { untilSaved } from '@shop/kernel/until-saved'
import type { User } from '../accounts/domain/user.ts'
import type { UsersDeps } from '../deps.ts'
import { type EndSessionsDeps, endSessions } from '../sessions/end-sessions.ts'
import { requireRevocations } from '../sessions/require-revocations.ts'
import { mayGrant } from './domain/grants.ts'

type ChangeFailure = AccessFailure | StepUpRequired | UserNotFound | LastAdmin | ServiceUnavailable

/**
 * Changes the role of an account. Nobody gives or takes more than they have, and the last administrator stays one.
 *
 * Every session of the account ends with its role, so the old role is of no use. That is done again when the call is repeated, even
 * where the role is the same already: the first call may not have got that far.
 *
 * @returns `service_unavailable` while sessions cannot be ended: then nothing was changed. Should that fail only after the role
 * was saved, a retry, or the next sweep, ends them
 */
export function changeRole(
  deps: EndSessionsDeps & Pick<UsersDeps, 'accounts' | 'roles'>,
  caller: Caller,
  { id, role }: { id: string; role: Role },
): Promise<Result<User, ChangeFailure>> {
  return untilSaved<Result<User, ChangeFailure>>(async () => {
    const staff = requireScope(caller, 'staff:write')
    if (!staff.ok) return staff
    const proven = requireRecentProof(caller, deps.now())
    if (!proven.ok) return proven
    const user = isId('user', id) ? await deps.accounts.find(id) : undefined
    if (user === undefined) return fail({ code: 'user_not_found' })
    const { role: granter } = proven.value
    if (!mayGrant(granter, role) || !mayGrant(granter, user.role)) return fail({ code: 'forbidden' })
    const reached = await requireRevocations(deps, user.id)
    if (!reached.ok) return reached
    const saved =
      user.role === role ? ok(true) : await deps.roles.change(user.id, { from: user.role, to: role }, deps.now())
    if (!saved.ok) return saved
    if (!saved.value) return undefined
    const ended = await endSessions(deps, { userId: user.id, reason: 'role_changed' })
    return ended.ok ? ok({ ...user, role }) : ended
  })
}
