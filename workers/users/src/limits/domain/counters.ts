import { LIMITS, type Limit } from '@shop/contracts/limits'
import { normalEmail } from '@shop/kernel/email'

/** One limit for one subject: an address, an account, or both. */
export type Counter = { limit: Limit; subject: string }

type Attempt = { email: string; address: string }

export function registrationCounters({ email, address }: Attempt): Counter[] {
  return [
    { limit: LIMITS.registration, subject: address },
    { limit: LIMITS.registrationEmail, subject: normalEmail(email) },
  ]
}
