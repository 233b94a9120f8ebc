import type { Db } from '@shop/db/client'
import { taxCountries } from '@shop/db/schema/orders-places'
import type { ExpectedVersions } from '@shop/kernel/versions'
import { and, asc, eq, gt, type SQL, sql } from 'drizzle-orm'
import type { TaxCountry } from '../domain/tax-country.ts'

/** Settings of countries; each call is one round trip. */
export const taxCountryRepository = (db: Db) => ({
  async find(country: string): Promise<TaxCountry | undefined> {
    const [row] = await db.select().from(taxCountries).where(eq(taxCountries.country, country))
    return row
  },

  /** By code; by keyset over the primary key. */
  async list({ after, limit }: { after: string | undefined; limit: number }): Promise<TaxCountry[]> {
    const where = after === undefined ? undefined : gt(taxCountries.country, after)
    return db.select().from(taxCountries).where(where).orderBy(asc(taxCountries.country)).limit(limit)
  },

  /**
   * Writes the settings, whether or not there are some.
   *
   * @returns undefined when they have none of the expected versions; without settings no version is expected
   */
  async put(settings: Omit<TaxCountry, 'version'>, versions: ExpectedVersions): Promise<TaxCountry | undefined> {
    const { country, ...fields } = settings
    const changed = { ...fields, version: sql`${taxCountries.version} + 1` }
    if (versions === undefined) {
      const insert = db.insert(taxCountries).values({ ...settings, version: 1 })
      const [row] = await insert.onConflictDoUpdate({ target: taxCountries.country, set: changed }).returning()
      return row
    }
    const where = and(eq(taxCountries.country, country), hasVersion(versions))
    const [row] = await db.update(taxCountries).set(changed).where(where).returning()
    return row
  },

  /** @returns false when they are gone, or another writer won since they were read */
  async delete({ country, version }: Pick<TaxCountry, 'country' | 'version'>): Promise<boolean> {
    const where = and(eq(taxCountries.country, country), hasVersion([version]))
    const deleted = await db.delete(taxCountries).where(where).returning({ country: taxCountries.country })
    return deleted.length === 1
  },
})

const hasVersion = (versions: readonly number[]): SQL =>
  sql`${taxCountries.version} = any (${sql.param([...versions])}::bigint[])`
