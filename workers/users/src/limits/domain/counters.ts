import type { Limit } from '@shop/contracts/limit'
import { LIMITS } from '@shop/contracts/limits'
import type { TokenKind } from '@shop/contracts/users/tokens'
import { normalEmail } from '@shop/kernel/email'
import type { UserId } from '@shop/kernel/ids'

/** One limit for one subject: an address, an account, or both. */
export type Counter = { limit: Limit; subject: string }

type Attempt = { email: string; address: string }

/** The counters of a request that ends in a mail, if the address has an account. */
export function mailCounters({ kind, email, address }: Attempt & { kind: TokenKind }): Counter[] {
  return [
    { limit: LIMITS.accountMail, subject: address },
    { limit: LIMITS.accountMailEmail, subject: `${kind} ${normalEmail(email)}` },
  ]
}

/** A mail to any address: neither may it be flooded, nor may an account flood others. */
export function emailChangeCounters(change: { userId: UserId; newEmail: string; address: string }): Counter[] {
  const { userId, newEmail, address } = change
  return [
    ...mailCounters({ kind: 'email_change', email: newEmail, address }),
    { limit: LIMITS.emailChange, subject: userId },
    ...passwordCounters({ userId, address }),
  ]
}

export function credentialCounters({ address }: { address: string }): Counter[] {
  return [{ limit: LIMITS.credentialChange, subject: address }]
}

/** The counters of a change for which the caller repeats their password. */
export function passwordCounters({ userId, address }: { userId: UserId; address: string }): Counter[] {
  return [...credentialCounters({ address }), { limit: LIMITS.passwordFailures, subject: userId }]
}

/** A passkey that signs in alone names no account before it is found; it cannot be guessed either. */
export function passkeyCounters(address: string): Counter[] {
  return [{ limit: LIMITS.signIn, subject: address }]
}

export function registrationCounters({ email, address }: Attempt): Counter[] {
  return [
    { limit: LIMITS.registration, subject: address },
    { limit: LIMITS.registrationEmail, subject: normalEmail(email) },
  ]
}

export function exportCounters(userId: UserId): Counter[] {
  return [{ limit: LIMITS.dataExport, subject: userId }]
}
