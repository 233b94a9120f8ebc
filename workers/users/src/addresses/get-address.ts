import type { AddressNotFound } from '@shop/contracts/users/failures'
import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { CustomerAddress } from './domain/customer-address.ts'

/** An address of the caller. Somebody else's is not found. */
export async function getAddress(
  { addresses }: Pick<UsersDeps, 'addresses'>,
  caller: Caller,
  { id }: { id: string },
): Promise<Result<CustomerAddress, AuthenticationRequired | AddressNotFound>> {
  const allowed = requireUser(caller)
  if (!allowed.ok) return allowed
  const found = await addresses.find(allowed.value.userId, id)
  return found === undefined ? fail({ code: 'address_not_found' }) : ok(found)
}
