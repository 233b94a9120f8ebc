import type { Contact } from '@shop/contracts/users/rpc'
import { ok, type Result } from '@shop/kernel/result'
import { rolesWith } from '@shop/kernel/roles'
import type { Scope } from '@shop/kernel/scopes'
import type { UsersDeps } from '../deps.ts'
import { toContact } from './domain/contact.ts'

/** The staff who get mails about something: those whose role has the scope that it needs. */
export async function staffContacts(
  deps: Pick<UsersDeps, 'accounts'>,
  { scope, limit }: { scope: Scope; limit: number },
): Promise<Result<Contact[], never>> {
  return ok((await deps.accounts.listStaff({ roles: rolesWith(scope), limit })).map(toContact))
}
