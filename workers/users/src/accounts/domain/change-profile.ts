import type { User } from './user.ts'

/** What customers change of their account; absent members stay as they are. */
export type ProfileChanges = {
  name?: string | null | undefined
  locale?: string | null | undefined
  /** In E.164. */
  phone?: string | null | undefined
  marketingConsent?: boolean | undefined
}

/** @returns the account after the changes; undefined when they change nothing */
export function changeProfile<U extends User>(user: U, changes: ProfileChanges): U | undefined {
  const changed = {
    ...user,
    name: changes.name === undefined ? user.name : changes.name,
    locale: changes.locale === undefined ? user.locale : changes.locale,
    phone: changes.phone === undefined ? user.phone : changes.phone,
    marketingConsent: changes.marketingConsent ?? user.marketingConsent,
  }
  const isSame = (['name', 'locale', 'phone', 'marketingConsent'] as const).every(
    (member) => changed[member] === user[member],
  )
  return isSame ? undefined : changed
}
