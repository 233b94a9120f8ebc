import { LIMITS, type Limit } from '@shop/contracts/limits'

/** One limit for one subject: an address, an account, or both. */
export type Counter = { limit: Limit; subject: string }

type Attempt = { email: string; address: string }

/**
 * The counters of a sign-in. One address that guesses is stopped before it uses up what an account allows all addresses
 * together, so the owner can still sign in from elsewhere.
 */
export function signInCounters({ email, address }: Attempt): Counter[] {
  const account = accountOf(email)
  return [
    { limit: LIMITS.signIn, subject: address },
    { limit: LIMITS.signInFailures, subject: `${account} ${address}` },
    { limit: LIMITS.accountFailures, subject: account },
  ]
}

export function registrationCounters({ email, address }: Attempt): Counter[] {
  return [
    { limit: LIMITS.registration, subject: address },
    { limit: LIMITS.registrationEmail, subject: accountOf(email) },
  ]
}

/**
 * An e-mail address as the database compares it: PostgreSQL's lower() maps each character by itself, where JavaScript
 * turns `İ` into two and lower-cases a `Σ` by its neighbours. Spellings that are one account there must be one counter
 * here, or each would have attempts of its own.
 */
function accountOf(email: string): string {
  return Array.from(email, (character) => (character === 'İ' ? 'i' : character.toLowerCase())).join('')
}
