import type { KeyKnown, StoredKey } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { fail, type Result } from '@shop/kernel/result'
import type { CreationKeyRepository } from '../../src/idempotency/repository.ts'

/** Idempotency keys in memory. `keyed` runs a creation as its statement would: a known key refuses it. */
export function memoryKeys() {
  const rows = new Map<string, StoredKey>()
  const keys: CreationKeyRepository = {
    find: async ({ scope, key }) => rows.get(`${scope} ${key}`),
    prune: async () => {
      const count = rows.size
      rows.clear()
      return count
    },
  }
  return {
    keys,
    async keyed<T, F>(
      key: IdempotencyKey | undefined,
      create: () => Promise<Result<T, F>>,
      idOf: (created: T) => number | undefined,
    ): Promise<Result<T, F | KeyKnown>> {
      const name = key && `${key.scope} ${key.key}`
      if (name !== undefined && rows.has(name)) return fail({ code: 'idempotency_key_known' })
      const created = await create()
      const subject = created.ok ? idOf(created.value) : undefined
      if (subject !== undefined && key && name !== undefined) {
        rows.set(name, { requestHash: key.requestHash, subject: String(subject) })
      }
      return created
    },
  }
}

export type MemoryKeys = ReturnType<typeof memoryKeys>
