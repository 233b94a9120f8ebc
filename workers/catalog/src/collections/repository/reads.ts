import type { Db } from '@shop/db/client'
import { collectionProducts, collections } from '@shop/db/schema/catalog-groups'
import { type SQL, sql } from 'drizzle-orm'
import type { Collection, CollectionWithProducts } from '../domain/collection.ts'
import { type CollectionRow, toCollection } from './row.ts'

/** Each call is one round trip. */
export const collectionReads = (db: Db) => ({
  async find(id: number): Promise<CollectionWithProducts | undefined> {
    const { rows } = await db.execute<CollectionRow & { product_ids: string[] }>(sql`
      select c.*, array(
        select listed.product_id from ${collectionProducts} listed where listed.collection_id = c.id
        order by listed.position, listed.product_id) as product_ids
      from ${collections} c where c.id = ${id}::bigint`)
    return rows[0] && { ...toCollection(rows[0]), productIds: rows[0].product_ids.map(Number) }
  },

  /** Newest first, by keyset over the primary key. */
  async list({ before, limit }: { before: number | undefined; limit: number }): Promise<Collection[]> {
    const where: SQL = before === undefined ? sql.empty() : sql`where id < ${before}::bigint`
    const { rows } = await db.execute<CollectionRow>(
      sql`select * from ${collections} ${where} order by id desc limit ${limit}`,
    )
    return rows.map(toCollection)
  },
})
