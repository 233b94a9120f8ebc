import { hashPassword, SALT_BYTES, verifyPassword } from './domain/password.ts'
import { createHashQueue, HASHES_WAITING } from './hash-queue.ts'
import type { Passwords } from './ports.ts'

/** Passwords by argon2id. Its wasm is instantiated by the first sign-in, since most requests need none. */
export function createPasswords(now: () => Date): Passwords {
  const nextTurn = () => new Promise<void>((resolve) => setTimeout(resolve, 0))
  const inTurn = createHashQueue({ waiting: HASHES_WAITING, nextTurn, now })
  return {
    hash: async (password) => {
      const compute = await loadCompute()
      return inTurn(() => hashPassword(compute, password, crypto.getRandomValues(new Uint8Array(SALT_BYTES))))
    },
    verify: async (password, hash) => {
      const compute = await loadCompute()
      return inTurn(() => verifyPassword(compute, password, hash))
    },
  }
}

const loadCompute = async () => (await import('./argon2id.ts')).loadArgon2id()
