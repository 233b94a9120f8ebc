import type { StoredKey } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'

/** Keys of requests that create something, in memory. */
export function memoryKeys() {
  const keys = new Map<string, StoredKey>()
  const nameOf = ({ scope, key }: IdempotencyKey) => `${scope} ${key}`
  return {
    isKnown: (key: IdempotencyKey | undefined) => key !== undefined && keys.has(nameOf(key)),
    remember: (key: IdempotencyKey | undefined, subject: string) => {
      if (key !== undefined) keys.set(nameOf(key), { requestHash: key.requestHash, subject })
    },
    creationKeys: { find: async (key: IdempotencyKey) => keys.get(nameOf(key)) },
  }
}

export type MemoryKeys = ReturnType<typeof memoryKeys>
