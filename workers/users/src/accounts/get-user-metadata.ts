import type { UserNotFound } from '@shop/contracts/users/failures'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { UserRecord } from './domain/user.ts'
import { getUser } from './get-user.ts'

/** What staff keep with an account, together with it. */
export function getUserMetadata(
  deps: Pick<UsersDeps, 'accounts'>,
  caller: Caller,
  request: { id: string },
): Promise<Result<UserRecord, AccessFailure | UserNotFound>> {
  return getUser(deps, caller, request)
}
