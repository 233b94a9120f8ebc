import type { UserNotFound } from '@shop/contracts/users/failures'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { CustomerGroup } from '../groups/domain/customer-group.ts'
import type { UserRecord } from './domain/user.ts'
import { getUserMetadata } from './get-user-metadata.ts'

type UserWithGroups = { user: UserRecord; groups: CustomerGroup[] }

/** Any account, with what staff keep with it and the groups it is in, for staff. */
export async function getUser(
  deps: Pick<UsersDeps, 'accounts' | 'customerGroups'>,
  caller: Caller,
  request: { id: string },
): Promise<Result<UserWithGroups, AccessFailure | UserNotFound>> {
  const found = await getUserMetadata(deps, caller, request)
  if (!found.ok) return found
  return ok({ user: found.value, groups: await deps.customerGroups.ofUser(found.value.id) })
}
