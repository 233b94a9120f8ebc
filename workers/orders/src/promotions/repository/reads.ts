import type { Db } from '@shop/db/client'
import { promotionCounters, promotions } from '@shop/db/schema/orders-promotions'
import type { PromotionId } from '@shop/kernel/ids'
import { and, desc, eq, isNull, lt } from 'drizzle-orm'
import type { StoredPromotion } from '../domain/stored-promotion.ts'
import { toStoredPromotion } from './row.ts'

/** Promotions that are not deleted, with their counters, as a query. */
export const presentPromotions = (db: Db) =>
  db
    .select({ promotion: promotions, usage: { uses: promotionCounters.uses, amount: promotionCounters.amount } })
    .from(promotions)
    .leftJoin(
      promotionCounters,
      and(eq(promotionCounters.promotionId, promotions.id), eq(promotionCounters.customerKey, '')),
    )

export const isPresent = (id: PromotionId) => and(eq(promotions.id, id), isNull(promotions.deletedAt))

/** Each call is one round trip. */
export const promotionReads = (db: Db) => ({
  async find(id: PromotionId): Promise<StoredPromotion | undefined> {
    const [row] = await presentPromotions(db).where(isPresent(id))
    return row && toStoredPromotion(row.promotion, row.usage)
  },

  /** Newest first, by keyset over the primary key, whose values sort by the time they were made. */
  async list({ before, limit }: { before: PromotionId | undefined; limit: number }): Promise<StoredPromotion[]> {
    const rows = await presentPromotions(db)
      .where(and(isNull(promotions.deletedAt), before === undefined ? undefined : lt(promotions.id, before)))
      .orderBy(desc(promotions.id))
      .limit(limit)
    return rows.map(({ promotion, usage }) => toStoredPromotion(promotion, usage))
  },
})
