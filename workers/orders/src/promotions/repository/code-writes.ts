import type { PromotionNotFound } from '@shop/contracts/orders/failures'
import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { promotionCodes, promotions } from '@shop/db/schema/orders-promotions'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { CodeBatchId, PromotionId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type SQL, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import type { CodeBatch } from '../domain/new-codes.ts'

export type NewBatch = {
  id: CodeBatchId
  promotionId: PromotionId
  /** As they are compared. */
  codes: readonly string[]
  createdAt: Date
}

/** Rows of one statement: a value of some hundred kilobytes. */
const ROWS = 10_000

export const codeWrites = (db: Db) => ({
  /**
   * Stores the single-use codes of a request: all or none, in one round trip. From then on the promotion is not automatic.
   *
   * @returns undefined when one of the codes is taken
   */
  async insertCodes(
    batch: NewBatch,
    key?: IdempotencyKey,
  ): Promise<Result<CodeBatch | undefined, PromotionNotFound | KeyKnown>> {
    const { id, codes } = batch
    const chunks = Array.from({ length: Math.ceil(codes.length / ROWS) }, (_, index) =>
      db.execute(insertChunk(batch, index * ROWS)),
    )
    return withFreshKey<CodeBatch | undefined, PromotionNotFound>(async () => {
      try {
        const [{ rows }] = await db.batch([db.execute(openBatch(batch, key)), ...chunks])
        return rows.length === 0
          ? fail({ code: 'promotion_not_found', promotionId: batch.promotionId })
          : ok({ id, count: codes.length })
      } catch (error) {
        if (isUniqueViolation(error, 'promotion_codes_pkey')) return ok(undefined)
        throw error
      }
    })
  },
})

const isPresent = (id: PromotionId): SQL => sql`id = ${id} and deleted_at is null`

/** Marks the promotion, which locks it against being deleted, and stores the key of the request. */
function openBatch({ id, promotionId, createdAt }: NewBatch, key: IdempotencyKey | undefined): SQL {
  return sql`
    with promotion as (
      update ${promotions}
      set has_single_use_codes = true, version = version + case when has_single_use_codes then 0 else 1 end,
          updated_at = case when has_single_use_codes then updated_at else ${createdAt.toISOString()}::timestamptz end
      where ${isPresent(promotionId)}
      returning id),
    batch as (select ${id}::text as id from promotion)${keyedBy(key, sql`batch`, createdAt)}
    select id from batch`
}

function insertChunk({ id, promotionId, codes, createdAt }: NewBatch, from: number): SQL {
  const chunk = JSON.stringify(codes.slice(from, from + ROWS))
  return sql`
    insert into ${promotionCodes} (code, promotion_id, batch_id, position, created_at)
    select made.code, ${promotionId}, ${id}, ${from}::int + made.number - 1, ${createdAt.toISOString()}::timestamptz
    from jsonb_array_elements_text(${chunk}::jsonb) with ordinality made (code, number)
    where exists (select from ${promotions} where ${isPresent(promotionId)})`
}
