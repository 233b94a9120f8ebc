import { normalEmail } from '@shop/kernel/email'
import { sha256Hex } from '@shop/kernel/hash'
import type { UserId } from '@shop/kernel/ids'

/**
 * Names a customer wherever their orders are counted: `account:<id>`, or `email:` and the hash of a guest's normalized
 * address, which is the same from wherever it is used and however it is spelled.
 */
export async function customerKeyOf(
  customer: { userId: UserId; email: string | null } | { userId: null; email: string },
): Promise<string> {
  return customer.userId === null ? hashedKey('email', normalEmail(customer.email)) : `account:${customer.userId}`
}

/** Hashed, as the counters of the limits are: no table lists the addresses of visitors. */
export async function hashedKey(scope: 'email' | 'address', subject: string): Promise<string> {
  return `${scope}:${await sha256Hex(subject)}`
}
