import type { Db } from '@shop/db/client'
import { findKey, keyedCte, pruneKeys } from '@shop/db/idempotency-keys'
import { catalogKeys } from '@shop/db/schema/catalog'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { type SQL, sql } from 'drizzle-orm'

/** Idempotency keys of requests that create something in the catalogue. */
export const creationKeyRepository = (db: Db) => ({
  find: (key: IdempotencyKey) => findKey(db, catalogKeys, key),
  prune: (now: Date) => pruneKeys(db, catalogKeys, now),
})

export type CreationKeyRepository = ReturnType<typeof creationKeyRepository>

/**
 * Statement part, with a comma before it: stores the key of a request, if it has one, with the row that it creates.
 *
 * @param created the CTE that returns the new row, or none
 */
export const keyedBy = (key: IdempotencyKey | undefined, created: SQL, at: Date): SQL =>
  keyedCte(catalogKeys, key, { created: sql`select id::text from ${created}`, at })
