import { promotionCodes } from '@shop/db/schema/orders-promotions'
import { type SQL, sql } from 'drizzle-orm'
import { codeKey } from '../domain/code-key.ts'

// Statement parts for the code of the CTE `promotion` that many orders may use. A code that is taken violates the primary
// key, which undoes the whole statement.

/** With a comma before it; empty without a code. */
export function insertSharedCode(code: string | null, at: Date): SQL {
  if (code === null) return sql.empty()
  return sql`, shared_code as (
    insert into ${promotionCodes} (code, promotion_id, created_at)
    select ${codeKey(code)}, promotion.id, ${at.toISOString()}::timestamptz from promotion
    on conflict (promotion_id) where batch_id is null do update set code = excluded.code)`
}

export const dropSharedCode: SQL = sql`shared_code as (
  delete from ${promotionCodes} known using promotion where known.promotion_id = promotion.id and known.batch_id is null)`

/** With a comma before it; empty where the code is compared as before. */
export function replaceSharedCode(before: string | null, after: string | null, at: Date): SQL {
  const [old, present] = [before, after].map((code) => (code === null ? null : codeKey(code)))
  if (old === present) return sql.empty()
  return after === null ? sql`, ${dropSharedCode}` : insertSharedCode(after, at)
}
