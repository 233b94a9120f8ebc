import type { LastAdmin, UserNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { requireRecentProof, type StepUpRequired } from '@shop/kernel/recent-proof'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { mayGrant } from '../staff/domain/grants.ts'
import { type EraseDeps, erasePerson } from './internal/erase-person.ts'

type EraseFailure = AccessFailure | StepUpRequired | UserNotFound | LastAdmin | ServiceUnavailable

/** Erases the account of somebody who asked staff for it. Staff cannot erase staff with scopes that they do not have. */
export async function eraseCustomer(
  deps: EraseDeps,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<undefined, EraseFailure>> {
  const staff = requireScope(caller, 'customers:erase')
  if (!staff.ok) return staff
  const proven = requireRecentProof(caller, deps.now())
  if (!proven.ok) return proven
  if (!isId('user', id)) return fail({ code: 'user_not_found' })
  const erased = await erasePerson<AccessFailure>(deps, id, (user) =>
    mayGrant(proven.value.role, user.role) ? ok() : fail({ code: 'forbidden' }),
  )
  if (!erased.ok) return erased
  // A repeated request succeeds.
  return erased.value || (await deps.erasures.wasErased(id)) ? ok() : fail({ code: 'user_not_found' })
}
