import type { AddressNotFound } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { UsersDeps } from '../deps.ts'
import { getAddress } from './get-address.ts'

type DeleteFailure = AuthenticationRequired | AddressNotFound | VersionConflict

/** Deletes an address of the caller. Where it was a default, the oldest of the others becomes it. */
export function deleteAddress(
  deps: Pick<UsersDeps, 'addresses'>,
  caller: Caller,
  { id, versions }: { id: string; versions: ExpectedVersions },
): Promise<Result<undefined, DeleteFailure>> {
  return untilSaved<Result<undefined, DeleteFailure>>(async () => {
    const found = await getAddress(deps, caller, { id })
    if (!found.ok) return found
    const current = checkVersion(versions, found.value.version)
    if (!current.ok) return current
    return (await deps.addresses.delete(found.value)) ? ok() : undefined
  })
}
