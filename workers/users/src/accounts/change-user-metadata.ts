import type { UserNotFound } from '@shop/contracts/users/failures'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { isSameMetadata, type MetadataChanges, type MetadataTooLarge, patchMetadata } from '@shop/kernel/metadata'
import { ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { UsersDeps } from '../deps.ts'
import type { UserRecord } from './domain/user.ts'
import { getUserMetadata } from './get-user-metadata.ts'

type ChangeMetadata = { id: string; metadata: MetadataChanges; versions?: ExpectedVersions }
type ChangeFailure = AccessFailure | UserNotFound | VersionConflict | MetadataTooLarge

/** Changes what staff keep with an account. */
export function changeUserMetadata(
  deps: Pick<UsersDeps, 'accounts' | 'now'>,
  caller: Caller,
  { id, metadata, versions }: ChangeMetadata,
): Promise<Result<UserRecord, ChangeFailure>> {
  return untilSaved<Result<UserRecord, ChangeFailure>>(async () => {
    const found = await getUserMetadata(deps, caller, { id })
    if (!found.ok) return found
    const user = found.value
    const current = checkVersion(versions, user.version)
    if (!current.ok) return current
    const patched = patchMetadata(user.metadata, metadata)
    if (!patched.ok) return patched
    if (isSameMetadata(user.metadata, patched.value)) return ok(user)
    const changed = { ...user, metadata: patched.value }
    const isSaved = await deps.accounts.saveMetadata(changed, deps.now())
    return isSaved ? ok({ ...changed, version: user.version + 1 }) : undefined
  })
}
