import type { CategoryNotFound } from '@shop/contracts/catalog/failures'
import type { Db } from '@shop/db/client'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { SQL } from 'drizzle-orm'
import { CATEGORY_SLUGS } from '../../categories/repository/assign.ts'
import { untilSlugIsFree } from '../../slugs/repository.ts'
import type { Product } from '../domain/product.ts'
import { toProduct } from './row.ts'
import {
  deleteStatement,
  insertStatement,
  type NewProduct,
  type ProductDeletion,
  type ProductUpdate,
  type SavedRow,
  updateStatement,
  type WrittenProduct,
} from './statements.ts'

/** A product as it was saved, and the event of its change. */
export type SavedProduct = {
  product: Product
  eventId: number
  /** The event of a category that was made for the product. */
  categoryEventId?: number | undefined
}

/** Writes of products, each one statement that also writes the events of the change. */
export const productWrites = (db: Db) => ({
  /**
   * Saves a product, its variant and its categories. `available` is the opening stock, at sequence 0, until the stock object
   * lists a level.
   */
  async insert(product: NewProduct): Promise<Result<SavedProduct, CategoryNotFound>> {
    const saved = await save(db, () => insertStatement(product))
    if (!saved.ok) return saved
    if (saved.value === undefined) throw new Error('An insert returned no row')
    return ok(saved.value)
  },

  /**
   * Saves changed fields, if the product still has the version that the update was decided from: the WHERE clause is the
   * lock.
   *
   * @returns undefined when the product is deleted or another writer won; the caller re-reads and decides again
   */
  async update(update: ProductUpdate): Promise<Result<SavedProduct | undefined, CategoryNotFound>> {
    return save(db, () => updateStatement(db, update))
  },

  /**
   * Archives a product, if it still has one of the versions.
   *
   * @returns the event of the deletion; undefined when there is no such product, or it has another version
   */
  async delete(product: ProductDeletion): Promise<{ eventId: number } | undefined> {
    const { rows } = await db.execute<{ event_id: string }>(deleteStatement(db, product))
    const [row] = rows
    return row && { eventId: Number(row.event_id) }
  },
})

/** Runs the statement, again while other writers take the slug of the category that it makes. */
async function save(db: Db, statement: () => SQL): Promise<Result<SavedProduct | undefined, CategoryNotFound>> {
  const { rows } = await untilSlugIsFree(CATEGORY_SLUGS, () => db.execute<WrittenProduct>(statement()))
  const [row] = rows
  if (row === undefined) throw new Error('The statement returned no row')
  const { missing_category: missing } = row
  if (missing !== null) return fail({ code: 'category_not_found', categoryId: Number(missing) })
  return ok(row.id === null ? undefined : toSaved(row))
}

function toSaved({ event_id, category_event_id, ...row }: SavedRow): SavedProduct {
  return {
    product: toProduct(row),
    eventId: Number(event_id),
    ...(category_event_id === null ? {} : { categoryEventId: Number(category_event_id) }),
  }
}
