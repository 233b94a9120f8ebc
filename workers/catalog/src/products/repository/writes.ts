import type { Db } from '@shop/db/client'
import type { LowStockThreshold } from '../../stock/domain/low-stock.ts'
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
} from './statements.ts'

/** A product as it was saved, and the event of its change. */
export type SavedProduct = {
  product: Product
  eventId: number
  threshold: LowStockThreshold
  /** The event of a changed low-stock threshold; absent for a new product. */
  thresholdEventId?: number | undefined
}

/** Writes of products, each one statement that also writes the events of the change. */
export const productWrites = (db: Db) => ({
  /**
   * Saves a product and its variant. `available` is the opening stock, at sequence 0: the first level that the stock object
   * projects replaces it.
   */
  async insert(product: NewProduct): Promise<SavedProduct> {
    const { rows } = await db.execute<SavedRow>(insertStatement(db, product))
    const [row] = rows
    if (row === undefined) throw new Error('An insert returned no row')
    return toSaved(row)
  },

  /**
   * Saves changed fields, if the product still has the version that the update was decided from: the WHERE clause is the
   * lock.
   *
   * @returns undefined when the product is deleted or another writer won; the caller re-reads and decides again
   */
  async update(update: ProductUpdate): Promise<SavedProduct | undefined> {
    const { rows } = await db.execute<SavedRow>(updateStatement(db, update))
    const [row] = rows
    return row && toSaved(row)
  },

  /**
   * Marks a product as deleted, if it still has one of the versions.
   *
   * @returns the event of the deletion; undefined when there is no such product, or it has another version
   */
  async delete(product: ProductDeletion): Promise<{ eventId: number } | undefined> {
    const { rows } = await db.execute<{ event_id: string }>(deleteStatement(db, product))
    const [row] = rows
    return row && { eventId: Number(row.event_id) }
  },
})

function toSaved({ event_id, threshold_event_id, ...row }: SavedRow): SavedProduct {
  const product = toProduct(row)
  return {
    product,
    eventId: Number(event_id),
    threshold: { threshold: product.lowStockThreshold, version: Number(row.low_stock_version) },
    ...(threshold_event_id === null ? {} : { thresholdEventId: Number(threshold_event_id) }),
  }
}
