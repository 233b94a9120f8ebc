import type { CategoryNotFound, ProductNotFound, SlugTaken } from '@shop/contracts/catalog/failures'
import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import type { KeyKnown } from '@shop/kernel/create-once'
import { fail, ok, type Result } from '@shop/kernel/result'
import { withSlug } from '../../slugs/repository.ts'
import type { Collection, CollectionFields } from '../domain/collection.ts'
import { toCollection } from './row.ts'
import {
  type CollectionUpdate,
  changeStatement,
  deleteStatement,
  insertStatement,
  type NewCollection,
  setProductsStatement,
  type WrittenCollection,
} from './statements.ts'

/** A collection as it was saved, and the event of its change. */
export type SavedCollection = { collection: Collection; eventId: number }

const SLUGS = 'collections_slug'

/** Writes of collections, each one statement that also writes the event of the change. */
export const collectionWrites = (db: Db) => ({
  async insert(
    collection: NewCollection,
  ): Promise<Result<SavedCollection, CategoryNotFound | ProductNotFound | SlugTaken | KeyKnown>> {
    const inserted = await withFreshKey(() =>
      withSlug(collection.slug, SLUGS, () => db.execute<WrittenCollection>(insertStatement(collection))),
    )
    if (!inserted.ok) return inserted
    const row = rowOf(inserted.value)
    const missing = missingCategory(row) ?? missingProduct(row)
    if (missing) return missing
    const saved = toSaved(row)
    if (saved === undefined) throw new Error('An insert returned no row')
    return ok(saved)
  },

  /** @returns undefined when it is gone or another writer won; the caller reads it again and decides again */
  async update(
    change: CollectionUpdate,
    fields: CollectionFields,
  ): Promise<Result<SavedCollection | undefined, CategoryNotFound | SlugTaken>> {
    const slug = { text: fields.slug, isChosen: true }
    const updated = await withSlug(slug, SLUGS, () => db.execute<WrittenCollection>(changeStatement(change, fields)))
    if (!updated.ok) return updated
    const row = rowOf(updated.value)
    return missingCategory(row) ?? ok(toSaved(row))
  },

  /**
   * Replaces the products of a manual collection.
   *
   * @returns undefined when the collection is gone or another writer won
   */
  async setProducts(
    change: CollectionUpdate,
    productIds: readonly number[],
  ): Promise<Result<SavedCollection | undefined, ProductNotFound>> {
    const row = rowOf(await db.execute<WrittenCollection>(setProductsStatement(change, productIds)))
    return missingProduct(row) ?? ok(toSaved(row))
  },

  /** @returns undefined when it is gone or another writer won */
  async delete(change: CollectionUpdate): Promise<{ eventId: number } | undefined> {
    const { rows } = await db.execute<{ event_id: string }>(deleteStatement(change))
    return rows[0] && { eventId: Number(rows[0].event_id) }
  },
})

function rowOf({ rows: [row] }: { rows: WrittenCollection[] }): WrittenCollection {
  if (row === undefined) throw new Error('The statement returned no row')
  return row
}

const missingCategory = ({ missing_category: id }: WrittenCollection) =>
  id === null ? undefined : fail({ code: 'category_not_found', categoryId: Number(id) })

const missingProduct = ({ missing_product: id }: WrittenCollection) =>
  id === null ? undefined : fail({ code: 'product_not_found', productId: Number(id) })

/** @returns undefined when nothing was written */
function toSaved(row: WrittenCollection): SavedCollection | undefined {
  return row.id === null ? undefined : { collection: toCollection(row), eventId: Number(row.event_id) }
}
