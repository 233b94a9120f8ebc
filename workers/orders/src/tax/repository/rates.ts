import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import { taxRates } from '@shop/db/schema/orders-places'
import type { KeyKnown } from '@shop/kernel/create-once'
import type { IdempotencyKey } from '@shop/kernel/idempotency'
import { isId } from '@shop/kernel/ids'
import { ok, type Result } from '@shop/kernel/result'
import { and, asc, eq, gt, sql } from 'drizzle-orm'
import { keyedBy } from '../../idempotency/repository.ts'
import type { TaxRate } from '../domain/tax-rate.ts'
import { toTaxRate } from './to-tax-rate.ts'

/** `country`: of one country only. */
type RateQuery = { country: string | undefined; after: string | undefined; limit: number }

/** Rates of tax; each call is one round trip. */
export const taxRateRepository = (db: Db) => ({
  async find(id: string): Promise<TaxRate | undefined> {
    if (!isId('taxRate', id)) return undefined
    const [row] = await db.select().from(taxRates).where(eq(taxRates.id, id))
    return row && toTaxRate(row)
  },

  /** By id, so in the order in which they were made; by keyset over the primary key, or over tax_rates_of_country. */
  async list({ country, after, limit }: RateQuery): Promise<TaxRate[]> {
    const where = and(
      country === undefined ? undefined : eq(taxRates.country, country),
      after === undefined ? undefined : gt(taxRates.id, after),
    )
    const rows = await db.select().from(taxRates).where(where).orderBy(asc(taxRates.id)).limit(limit)
    return rows.map(toTaxRate)
  },

  async insert(rate: TaxRate, key?: IdempotencyKey): Promise<Result<TaxRate, KeyKnown>> {
    const row = db.insert(taxRates).values(toRow(rate)).returning({ id: taxRates.id })
    const keyed = keyedBy(key, sql`created`, rate.createdAt)
    return withFreshKey(async () => {
      await db.execute(sql`with created as ${row}${keyed} select id from created`)
      return ok(rate)
    })
  },

  /** @returns false when it is gone, or another writer won since the version before */
  async save(rate: TaxRate): Promise<boolean> {
    const { id, createdAt: _, ...fields } = toRow(rate)
    const saved = await db
      .update(taxRates)
      .set(fields)
      .where(isUnchanged({ id, version: rate.version - 1 }))
      .returning({ id: taxRates.id })
    return saved.length === 1
  },

  /** @returns false when it is gone, or another writer won since it was read */
  async delete(decidedFrom: Pick<TaxRate, 'id' | 'version'>): Promise<boolean> {
    const deleted = await db.delete(taxRates).where(isUnchanged(decidedFrom)).returning({ id: taxRates.id })
    return deleted.length === 1
  },
})

const isUnchanged = ({ id, version }: Pick<TaxRate, 'id' | 'version'>) =>
  and(eq(taxRates.id, id), eq(taxRates.version, version))

function toRow({ area: { country, regions, postalCodes }, ...rate }: TaxRate) {
  return { ...rate, country, regions: [...regions], postalCodes: [...postalCodes] }
}
