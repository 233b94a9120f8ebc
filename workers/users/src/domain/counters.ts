import { LIMITS, type Limit } from '@shop/contracts'

/** One limit for one of those it is per. */
export type Counter = { limit: Limit; subject: string }

export type Attempt = { email: string; address: string }

/**
 * What a sign-in counts on. An address that guesses is stopped before it can use up what an account allows all addresses
 * together, so an owner elsewhere still gets in.
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
 * makes two of `İ` and looks at what stands around a `Σ`. A spelling that is one account there must be one here, or it
 * would have tries of its own.
 */
function accountOf(email: string): string {
  return Array.from(email, (character) => (character === 'İ' ? 'i' : character.toLowerCase())).join('')
}
