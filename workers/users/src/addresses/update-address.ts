import type { AddressNotFound, InvalidAddress } from '@shop/contracts/users/failures'
import type { AuthenticationRequired, Caller } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { untilSaved } from '@shop/kernel/until-saved'
import { checkVersion, type ExpectedVersions, type VersionConflict } from '@shop/kernel/versions'
import type { UsersDeps } from '../deps.ts'
import {
  type AddressChanges,
  type CustomerAddress,
  type DefaultChoice,
  decideAddress,
} from './domain/customer-address.ts'
import { getAddress } from './get-address.ts'

type UpdateAddress = { id: string; changes: AddressChanges; defaults: DefaultChoice; versions: ExpectedVersions }
type UpdateFailure = AuthenticationRequired | AddressNotFound | InvalidAddress | VersionConflict

/** Changes the given parts of an address of the caller, or whether it is a default. Orders keep the address they were placed with. */
export function updateAddress(
  deps: Pick<UsersDeps, 'addresses' | 'now'>,
  caller: Caller,
  { id, changes, defaults, versions }: UpdateAddress,
): Promise<Result<CustomerAddress, UpdateFailure>> {
  return untilSaved<Result<CustomerAddress, UpdateFailure>>(async () => {
    const found = await getAddress(deps, caller, { id })
    if (!found.ok) return found
    const current = checkVersion(versions, found.value.version)
    if (!current.ok) return current
    if (Object.keys(changes).length === 0 && Object.values(defaults).every((choice) => choice === undefined))
      return found
    const decided = decideAddress(found.value.address, changes)
    if (!decided.ok) return decided
    const changed = { ...found.value, address: decided.value, version: found.value.version + 1, updatedAt: deps.now() }
    const saved = await deps.addresses.save(changed, defaults)
    return saved && ok(saved)
  })
}
