import type { TooBusy } from '@shop/contracts/users/failures'
import type { Result } from '@shop/kernel/result'
import { hashPassword, verifyPassword } from '@shop/passwords'
import { createHashQueue, MAX_WAITING_HASHES } from './hash-queue.ts'

/** Password hashing, one at a time in an isolate. */
export type Passwords = {
  hash(password: string): Promise<Result<string, TooBusy>>
  /** @param hash undefined costs the same and is never right */
  verify(password: string, hash: string | undefined): Promise<Result<boolean, TooBusy>>
}

/** Passwords by argon2id. The first sign-in instantiates its wasm, since most requests need none. */
export function createPasswords(now: () => Date): Passwords {
  const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve, 0))
  const queued = createHashQueue({ waiting: MAX_WAITING_HASHES, nextTurn, now })
  return {
    hash: async (password) => {
      const compute = await loadCompute()
      return queued(() => hashPassword(compute, password))
    },
    verify: async (password, hash) => {
      const compute = await loadCompute()
      return queued(() => verifyPassword(compute, password, hash))
    },
  }
}

const loadCompute = async () => (await import('@shop/passwords/workers')).loadArgon2id()
