import type { Db } from '@shop/db/client'
import { findKey, keyedCte, pruneKeys } from '@shop/db/idempotency-keys'
import { usersKeys } from '@shop/db/schema/users'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { type SQL, sql } from 'drizzle-orm'

/** Idempotency keys of requests that create something. */
export const creationKeyRepository = (db: Db) => ({
  find: (key: IdempotencyKey) => findKey(db, usersKeys, key),

  /** @returns how many old ones were deleted */
  prune: (now: Date) => pruneKeys(db, usersKeys, now),
})

/**
 * Statement part, with a comma before it: stores the key of a request, if it has one, with the row that it creates.
 *
 * @param created the CTE that returns the new row, or none
 */
export const keyedBy = (key: IdempotencyKey | undefined, created: SQL, at: Date): SQL =>
  keyedCte(usersKeys, key, { created: sql`select id from ${created}`, at })
