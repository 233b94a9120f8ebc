import type { UserNotFound } from '@shop/contracts/users/failures'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { UserRecord } from './domain/user.ts'

/** What staff keep with an account, together with it. */
export async function getUserMetadata(
  deps: Pick<UsersDeps, 'accounts'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<UserRecord, AccessFailure | UserNotFound>> {
  const staff = requireScope(caller, 'customers:read')
  if (!staff.ok) return staff
  const user = isId('user', id) ? await deps.accounts.findRecord(id) : undefined
  return user === undefined ? fail({ code: 'user_not_found' }) : ok(user)
}
