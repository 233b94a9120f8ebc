import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { UsersDeps } from '../deps.ts'
import { changeProfile, type ProfileChanges } from './domain/change-profile.ts'
import type { User } from './domain/user.ts'
import { getProfile } from './get-profile.ts'

type UpdateFailure = AuthenticationRequired | VersionConflict

/** Changes the caller's own account. The address and the password have calls of their own. */
export function updateProfile(
  deps: Pick<UsersDeps, 'accounts' | 'now'>,
  caller: Caller,
  { changes, versions }: { changes: ProfileChanges; versions: ExpectedVersions },
): Promise<Result<User, UpdateFailure>> {
  return untilSaved<Result<User, UpdateFailure>>(async () => {
    const found = await getProfile(deps, caller)
    if (!found.ok) return found
    const current = checkVersion(versions, found.value.version)
    if (!current.ok) return current
    const changed = changeProfile(found.value, changes)
    if (changed === undefined) return found
    const isSaved = await deps.accounts.saveProfile(changed, deps.now())
    return isSaved ? ok({ ...changed, version: changed.version + 1 }) : undefined
  })
}
