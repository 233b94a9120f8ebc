import type { LastAdmin } from '@shop/contracts/users/failures'
import type { UserId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { untilSaved } from '@shop/kernel/until-saved'
import type { User } from '../../accounts/domain/user.ts'
import type { UsersDeps } from '../../deps.ts'
import { tellEnded } from '../../sessions/tell-ended.ts'

export type EraseDeps = Pick<UsersDeps, 'accounts' | 'erasures' | 'now' | 'revocations' | 'wakeDeliveries'>

/**
 * Erases an account: its row, all that belongs to it, and its access. The event that is written with it makes the other services
 * erase what they have.
 *
 * @param mayErase decides with the account as it is when it is erased
 * @returns whether there was an account
 */
export function erasePerson<F extends { code: string } = never>(
  deps: EraseDeps,
  userId: UserId,
  mayErase: (user: User) => Result<unknown, F>,
): Promise<Result<boolean, F | LastAdmin | ServiceUnavailable>> {
  return untilSaved<Result<boolean, F | LastAdmin | ServiceUnavailable>>(async () => {
    const user = await deps.accounts.find(userId)
    if (user === undefined) return ok(false)
    const allowed = mayErase(user)
    if (!allowed.ok) return allowed
    const erased = await deps.erasures.erase({ id: userId, role: user.role, now: deps.now() })
    if (!erased.ok) return erased
    if (erased.value === undefined) return undefined
    await deps.wakeDeliveries()
    const told = await tellEnded(deps, erased.value)
    return told.ok ? ok(true) : told
  })
}
