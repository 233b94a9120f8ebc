import type { Db } from '@shop/db/client'
import { eventLog } from '@shop/db/events/log'
import { usersEvents } from '@shop/db/schema/users'
import { accountRepository } from '../../src/accounts/repository/index.ts'
import { addressRepository } from '../../src/addresses/repository/index.ts'
import { emailRepository } from '../../src/emails/repository.ts'
import { mailAddressRepository } from '../../src/events/repository.ts'
import { customerGroupRepository } from '../../src/groups/repository/index.ts'
import { customerNoteRepository } from '../../src/notes/repository.ts'
import { passwordHashRepository } from '../../src/passwords/repository.ts'
import { erasureRepository } from '../../src/privacy/repository.ts'
import { sessionRepository } from '../../src/sessions/repository/index.ts'
import { accountTokenRepository } from '../../src/tokens/repository/index.ts'
import { firstTokens, newUser } from './people.ts'

/** What database tests of accounts use, over one connection. */
export const usersRepositories = (db: Db) => ({
  db,
  accounts: accountRepository(db),
  addresses: addressRepository(db),
  customerGroups: customerGroupRepository(db),
  customerNotes: customerNoteRepository(db),
  emails: emailRepository(db),
  erasures: erasureRepository(db),
  events: eventLog(db, usersEvents),
  hashes: passwordHashRepository(db),
  mails: mailAddressRepository(db),
  sessions: sessionRepository(db),
  tokens: accountTokenRepository(db),
})
export type UsersRepositories = ReturnType<typeof usersRepositories>

/** A fresh account, with the tokens that were saved with it. */
export async function signedUp({ accounts }: Pick<UsersRepositories, 'accounts'>) {
  const user = newUser()
  const saved = firstTokens(user.id)
  await accounts.insert(user, saved)
  return { user, ...saved }
}
