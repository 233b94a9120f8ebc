import { isOutdated } from '@shop/passwords'
import type { UsersDeps } from '../deps.ts'
import type { AccountHash } from './domain/account-hash.ts'

/**
 * Hashes a password anew that was right just now, if its hash has parameters of before. When too many hashes wait, the next
 * sign-in does it.
 *
 * @returns the hash that the account has now, unless another writer has changed it meanwhile
 */
export async function renewHash(
  deps: Pick<UsersDeps, 'passwordHashes' | 'passwords'>,
  { userId, passwordHash }: AccountHash,
  password: string,
): Promise<string> {
  if (!isOutdated(passwordHash)) return passwordHash
  const hashed = await deps.passwords.hash(password)
  if (!hashed.ok) return passwordHash
  await deps.passwordHashes.renew({ userId, from: passwordHash, to: hashed.value })
  return hashed.value
}
