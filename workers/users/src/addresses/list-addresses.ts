import { type AuthenticationRequired, type Caller, requireUser } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import type { CustomerAddress } from './domain/customer-address.ts'

/** The caller's address book, oldest first. It is short, so that there are no pages. */
export async function listAddresses(
  { addresses }: Pick<UsersDeps, 'addresses'>,
  caller: Caller,
): Promise<Result<CustomerAddress[], AuthenticationRequired>> {
  const allowed = requireUser(caller)
  return allowed.ok ? ok(await addresses.list(allowed.value.userId)) : allowed
}
