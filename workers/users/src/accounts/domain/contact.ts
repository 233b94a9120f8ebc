import type { Contact } from '@shop/contracts/users/rpc'
import type { User } from './user.ts'

export const toContact = ({ id, email, name, locale }: User): Contact => ({
  userId: id,
  email,
  name: name ?? undefined,
  locale: locale ?? undefined,
})
