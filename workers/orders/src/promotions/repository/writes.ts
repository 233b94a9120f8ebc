import type { PromotionCodeTaken } from '@shop/contracts/orders/failures'
import type { Db } from '@shop/db/client'
import { isUniqueViolation } from '@shop/db/errors'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { promotions } from '@shop/db/schema/orders-promotions'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import type { PromotionId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { and, eq, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import { isCounted, type PromotionFields, type StoredPromotion } from '../domain/stored-promotion.ts'
import { isPresent, presentPromotions } from './reads.ts'
import { recountCtes } from './recount.ts'
import { columnsOf, toStoredPromotion } from './row.ts'
import { dropSharedCode, insertSharedCode, replaceSharedCode } from './shared-code.ts'

type NewPromotion = PromotionFields & { id: PromotionId; createdAt: Date }
/** The promotion from which a change was decided, and when. */
type Change = { decidedFrom: StoredPromotion; updatedAt: Date }

export const promotionWrites = (db: Db) => ({
  async insert(
    { id, createdAt, ...fields }: NewPromotion,
    key?: IdempotencyKey,
  ): Promise<Result<StoredPromotion, PromotionCodeTaken | KeyKnown>> {
    const row = db.insert(promotions).values({ id, ...columnsOf(fields), createdAt, updatedAt: createdAt })
    const insert = sql`
      with promotion as ${row.returning()}${insertSharedCode(fields.code, createdAt)}
           ${keyedBy(key, sql`promotion`, createdAt)}
      select id from promotion`
    return withFreshKey(() =>
      withCode(fields.code, async () => {
        await db.execute(insert)
        const usage = isCounted(fields) ? { uses: 0, amount: 0 } : null
        return { ...fields, id, createdAt, updatedAt: createdAt, version: 1, usage }
      }),
    )
  },

  /**
   * One transaction, whose first statement waits for orders that use the promotion right now: only a statement that begins
   * after them counts what they used, where a limit is new.
   *
   * @returns undefined when it is gone or another writer won
   */
  async update(
    change: Change,
    fields: PromotionFields,
  ): Promise<Result<StoredPromotion | undefined, PromotionCodeTaken>> {
    const { decidedFrom, updatedAt } = change
    const { id } = decidedFrom
    const row = db
      .update(promotions)
      .set({ ...columnsOf(fields), updatedAt, version: sql`${promotions.version} + 1` })
      .where(isUnchanged(change))
    const write = sql`
      with promotion as ${row.returning()}${replaceSharedCode(decidedFrom.code, fields.code, updatedAt)}
           ${recountCtes(decidedFrom, fields, updatedAt)}
      select id from promotion`
    return withCode(fields.code, async () => {
      const [, { rows }, [saved]] = await db.batch([
        db.execute(sql`select id from ${promotions} where id = ${id} for update`),
        db.execute(write),
        presentPromotions(db).where(isPresent(id)),
      ])
      return rows.length === 0 ? undefined : saved && toStoredPromotion(saved.promotion, saved.usage)
    })
  },

  /** Frees the code that many orders may use. @returns false when it is gone or another writer won */
  async delete(change: Change): Promise<boolean> {
    const { updatedAt } = change
    const row = db
      .update(promotions)
      .set({ deletedAt: updatedAt, updatedAt, version: sql`${promotions.version} + 1` })
      .where(isUnchanged(change))
    const { rows } = await db.execute(sql`
      with promotion as ${row.returning()}, ${dropSharedCode} select id from promotion`)
    return rows.length === 1
  },
})

const isUnchanged = ({ decidedFrom: { id, version } }: Change) => and(isPresent(id), eq(promotions.version, version))

async function withCode<T>(code: string | null, write: () => Promise<T>): Promise<Result<T, PromotionCodeTaken>> {
  try {
    return ok(await write())
  } catch (error) {
    if (code === null || !isUniqueViolation(error, 'promotion_codes_pkey')) throw error
    return fail({ code: 'promotion_code_taken', promotionCode: code })
  }
}
