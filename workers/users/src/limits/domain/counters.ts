import { LIMITS, type Limit } from '@shop/contracts/limits'
import { normalEmail } from '@shop/kernel/email'

/** One limit for one subject: an address, an account, or both. */
export type Counter = { limit: Limit; subject: string }

type Attempt = { email: string; address: string }

/**
 * The counters of a sign-in. One address that guesses is stopped before it uses up what an account allows all addresses
 * together, so the owner can still sign in from elsewhere.
 */
export function signInCounters({ email, address }: Attempt): Counter[] {
  const account = normalEmail(email)
  return [
    { limit: LIMITS.signIn, subject: address },
    { limit: LIMITS.signInFailures, subject: `${account} ${address}` },
    { limit: LIMITS.accountFailures, subject: account },
  ]
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
