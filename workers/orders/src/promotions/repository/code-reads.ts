import type { Db } from '@shop/db/client'
import { promotionCodes, promotions } from '@shop/db/schema/orders-promotions'
import type { CodeBatchId, PromotionId } from '@shop/kernel/ids'
import { and, asc, count, eq, isNotNull, isNull, type SQL, sql } from 'drizzle-orm'
import type { CodeBatch, SingleUseCode } from '../domain/new-codes.ts'

export type CodeQuery = {
  promotionId: PromotionId
  /** Only the codes of one request. */
  batchId?: CodeBatchId | undefined
  after?: Pick<SingleUseCode, 'batchId' | 'position'> | undefined
  limit: number
}

/** Each call is one round trip. */
export const codeReads = (db: Db) => ({
  /** The single-use codes that a request made; undefined when their promotion is deleted. */
  async findBatch(id: CodeBatchId, promotionId: PromotionId): Promise<CodeBatch | undefined> {
    const [found] = await db
      .select({ count: count() })
      .from(promotionCodes)
      .innerJoin(promotions, eq(promotions.id, promotionCodes.promotionId))
      .where(
        and(eq(promotionCodes.promotionId, promotionId), eq(promotionCodes.batchId, id), isNull(promotions.deletedAt)),
      )
    return found === undefined || found.count === 0 ? undefined : { id, count: found.count }
  },

  /** In the order in which they were made, by keyset. Index: promotion_codes_of_promotion. */
  async listCodes(query: CodeQuery): Promise<SingleUseCode[]> {
    const rows = await db
      .select()
      .from(promotionCodes)
      .where(matching(query))
      .orderBy(asc(promotionCodes.batchId), asc(promotionCodes.position))
      .limit(query.limit)
    return rows.flatMap(({ code, batchId, position, usedBy, createdAt }) =>
      batchId === null || position === null ? [] : [{ code, batchId, position, usedBy, createdAt }],
    )
  },
})

function matching({ promotionId, batchId, after }: CodeQuery): SQL | undefined {
  const { batchId: batch, position } = promotionCodes
  return and(
    eq(promotionCodes.promotionId, promotionId),
    isNotNull(batch),
    batchId === undefined ? undefined : eq(batch, batchId),
    after === undefined ? undefined : sql`(${batch}, ${position}) > (${after.batchId}::text, ${after.position}::int)`,
  )
}
