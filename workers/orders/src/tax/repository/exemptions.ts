import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { taxExemptions } from '@shop/db/schema/orders-places'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId, type UserId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import type { TaxExemption, TaxExemptionId } from '../domain/tax-exemption.ts'

/** `userId`: of one account only. */
type ExemptionQuery = { userId: string | undefined; after: string | undefined; limit: number }

/** Exemptions of accounts; each call is one round trip. */
export const taxExemptionRepository = (db: Db) => ({
  async find(id: string): Promise<TaxExemption | undefined> {
    if (!isId('taxExemption', id)) return undefined
    const [row] = await db.select().from(taxExemptions).where(eq(taxExemptions.id, id))
    return row && toExemption(row)
  },

  /** By id, so in the order in which they were made; by keyset over the primary key, or over tax_exemptions_of_user. */
  async list({ userId, after, limit }: ExemptionQuery): Promise<TaxExemption[]> {
    const where = and(
      userId === undefined ? undefined : eq(taxExemptions.userId, userId),
      after === undefined ? undefined : gt(taxExemptions.id, after),
    )
    const rows = await db.select().from(taxExemptions).where(where).orderBy(asc(taxExemptions.id)).limit(limit)
    return rows.map(toExemption)
  },

  async insert(exemption: TaxExemption, key?: IdempotencyKey): Promise<Result<TaxExemption, KeyKnown>> {
    const row = db.insert(taxExemptions).values(exemption).returning({ id: taxExemptions.id })
    const keyed = keyedBy(key, sql`created`, exemption.createdAt)
    return withFreshKey(async () => {
      await db.execute(sql`with created as ${row}${keyed} select id from created`)
      return ok(exemption)
    })
  },

  /** @returns false when it is gone */
  async delete(id: string): Promise<boolean> {
    if (!isId('taxExemption', id)) return false
    const deleted = await db.delete(taxExemptions).where(eq(taxExemptions.id, id)).returning({ id: taxExemptions.id })
    return deleted.length === 1
  },
})

/** Only ids of the types of an exemption are ever written. */
function toExemption({ id, userId, ...row }: typeof taxExemptions.$inferSelect): TaxExemption {
  return { id: id as TaxExemptionId, userId: userId as UserId, ...row }
}
