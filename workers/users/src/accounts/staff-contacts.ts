import type { Contact } from '@shop/contracts/users/rpc'
import { ok, type Result } from '@shop/kernel/result'
import { rolesWith } from '@shop/kernel/roles'
import type { UsersDeps } from '../deps.ts'
import { toContact } from './domain/contact.ts'

/** The staff who get mails about the stock: those whose role may read it. */
export async function staffContacts(
  deps: Pick<UsersDeps, 'accounts'>,
  { limit }: { limit: number },
): Promise<Result<Contact[], never>> {
  return ok((await deps.accounts.listStaff({ roles: rolesWith('inventory:read'), limit })).map(toContact))
}
