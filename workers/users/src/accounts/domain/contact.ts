import type { Contact } from '@shop/contracts/users/rpc'
import type { User } from './user.ts'

/** Accounts have no locale yet, so mails have the shop's first. */
export const toContact = ({ id, email, name }: User): Contact => ({
  userId: id,
  email,
  name: name ?? undefined,
  locale: undefined,
})
