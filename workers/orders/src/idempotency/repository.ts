import type { Db } from '@shop/db/client'
import { findKey, keyedCte } from '@shop/db/idempotency-keys'
import { idempotencyKeys } from '@shop/db/schema/orders'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { type SQL, sql } from 'drizzle-orm'

/** Idempotency keys of requests of staff that create something. They are in one table with those of orders. */
export const creationKeyRepository = (db: Db) => ({
  find: (key: IdempotencyKey) => findKey(db, idempotencyKeys, key),
})

/**
 * Statement part, with a comma before it: stores the key of a request, if it has one, with the row that it creates.
 *
 * @param created the CTE that returns the new row, or none
 */
export const keyedBy = (key: IdempotencyKey | undefined, created: SQL, at: Date): SQL =>
  keyedCte(idempotencyKeys, key, { created: sql`select id from ${created}`, at })
