import type { CategoryNotFound, SkuTaken, SlugTaken } from '@shop/contracts/catalog/failures'
import type { Db } from '@shop/db/client'
import { withFreshKey } from '@shop/db/idempotency-keys'
import type { KeyKnown } from '@shop/kernel/create-once'
import { fail, ok, type Result } from '@shop/kernel/result'
import { CATEGORY_SLUGS } from '../../categories/repository/assign.ts'
import type { NewSlug } from '../../slugs/domain/slug.ts'
import { untilFree, withSlug } from '../../slugs/repository.ts'
import type { Product } from '../domain/product.ts'
import { toProduct } from './row.ts'
import {
  deleteStatement,
  insertStatement,
  lockProduct,
  type NewProduct,
  type ProductDeletion,
  type ProductUpdate,
  type SavedRow,
  updateStatement,
  type VariantAddition,
  type WrittenProduct,
} from './statements.ts'
import { VARIANT_SKUS } from './variants.ts'

/** A product as it was saved, and the event of its change. */
export type SavedProduct = {
  product: Product
  eventId: number
  /** The event of a category that was made for the product. */
  categoryEventId?: number | undefined
}

export type SaveFailure = CategoryNotFound | SkuTaken | SlugTaken

const PRODUCT_SLUGS = 'products_slug'

/**
 * Writes of products with their variants, each one statement that also writes the events of the change. A statement that
 * changes a product comes right after its lock, in one transaction and one round trip.
 */
export const productWrites = (db: Db) => ({
  /** Saves a product, its variants and its categories. */
  async insert(product: NewProduct): Promise<Result<SavedProduct, SaveFailure | KeyKnown>> {
    const write = async () => (await db.execute<WrittenProduct>(insertStatement(product))).rows
    const saved = await withFreshKey(() => save(product.slug, write))
    if (!saved.ok) return saved
    if (saved.value === undefined) throw new Error('An insert returned no row')
    return ok(saved.value)
  },

  /**
   * Saves changed fields and variants, if the product still has the version that the update was decided from: the WHERE
   * clause is the lock.
   *
   * @returns undefined when the product is deleted or another writer won; the caller re-reads and decides again
   */
  async update(update: ProductUpdate): Promise<Result<SavedProduct | undefined, SaveFailure>> {
    const { decidedFrom, fields } = update
    const slug = { text: fields?.slug ?? decidedFrom.slug, isChosen: true }
    return save(slug, () => locked<WrittenProduct>(db, decidedFrom.id, () => updateStatement(db, update)))
  },

  /**
   * Adds a variant to a product that still has the version it was decided from.
   *
   * @returns undefined as {@link update} does
   */
  async insertVariant({
    decidedFrom,
    variant,
    key,
    updatedAt,
  }: VariantAddition): Promise<Result<SavedProduct | undefined, SkuTaken | KeyKnown>> {
    const statement = () => updateStatement(db, { decidedFrom, variants: { added: [variant] }, updatedAt }, key)
    const slug = { text: decidedFrom.slug, isChosen: true }
    const saved = await withFreshKey(() => save(slug, () => locked<WrittenProduct>(db, decidedFrom.id, statement)))
    if (saved.ok) return saved
    const { failure } = saved
    if (failure.code === 'sku_taken' || failure.code === 'idempotency_key_known') return fail(failure)
    throw new Error(`Neither slug nor category were written, but were refused: ${failure.code}`)
  },

  /**
   * Archives a product, if it still has one of the versions.
   *
   * @returns the event of the deletion; undefined when there is no such product, or it has another version
   */
  async delete(product: ProductDeletion): Promise<{ eventId: number } | undefined> {
    const [row] = await locked<{ event_id: string }>(db, product.id, () => deleteStatement(db, product))
    return row && { eventId: Number(row.event_id) }
  },
})

async function locked<R extends Record<string, unknown>>(
  db: Db,
  id: number,
  statement: () => ReturnType<typeof lockProduct>,
): Promise<R[]> {
  const [, { rows }] = await db.batch([db.execute(lockProduct(id)), db.execute<R>(statement())])
  return rows
}

/** Writes again while other writers take what was free: the slug of product or category, or an SKU, which is then refused. */
async function save(
  slug: NewSlug,
  write: () => Promise<WrittenProduct[]>,
): Promise<Result<SavedProduct | undefined, SaveFailure>> {
  const rows = await withSlug(slug, PRODUCT_SLUGS, () =>
    untilFree(CATEGORY_SLUGS, () => untilFree(VARIANT_SKUS, write)),
  )
  if (!rows.ok) return rows
  const [row] = rows.value
  if (row === undefined) throw new Error('The statement returned no row')
  const { missing_category: missing, taken_sku: taken } = row
  if (missing !== null) return fail({ code: 'category_not_found', categoryId: Number(missing) })
  if (taken !== null) return fail({ code: 'sku_taken', sku: taken })
  return ok(row.id === null ? undefined : toSaved(row))
}

function toSaved({ event_id, category_event_id, ...row }: SavedRow): SavedProduct {
  return {
    product: toProduct(row),
    eventId: Number(event_id),
    ...(category_event_id === null ? {} : { categoryEventId: Number(category_event_id) }),
  }
}
