import type { Db } from '@shop/db/client'
import { findKey, keyedCte, pruneKeys } from '@shop/db/idempotency-keys'
import { idempotencyKeys } from '@shop/db/schema/notifications'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { type SQL, sql } from 'drizzle-orm'

/** Idempotency keys of requests of staff. */
export const creationKeyRepository = (db: Db) => ({
  find: (key: IdempotencyKey) => findKey(db, idempotencyKeys, key),

  /** @returns how many old ones were deleted */
  prune: (now: Date) => pruneKeys(db, idempotencyKeys, now),
})

/**
 * Statement part, with a comma before it: stores the key of a request, if it has one, with the row that it writes.
 *
 * @param written the CTE that returns the row, or none
 */
export const keyedBy = (key: IdempotencyKey | undefined, written: SQL, at: Date): SQL =>
  keyedCte(idempotencyKeys, key, { created: sql`select id from ${written}`, at })
