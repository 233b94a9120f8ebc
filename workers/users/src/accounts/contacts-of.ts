import type { Contact } from '@shop/contracts/users/rpc'
import { isId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import type { UsersDeps } from '../deps.ts'
import { toContact } from './domain/contact.ts'

/** How to write to the owners of accounts; those that do not exist are left out. */
export async function contactsOf(
  deps: Pick<UsersDeps, 'accounts'>,
  { userIds }: { userIds: string[] },
): Promise<Result<Contact[], never>> {
  const users = await deps.accounts.findAll(userIds.filter((id) => isId('user', id)))
  return ok(users.map(toContact))
}
