import { eventLog } from '@shop/db/events/log'
import { catalogEvents } from '@shop/db/schema/catalog'
import { currency } from '@shop/kernel/currencies'
import type { Result } from '@shop/kernel/result'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll } from 'vitest'
import { attributeRepository } from '../../src/attributes/repository.ts'
import { type CategoryRepository, categoryRepository, type NewCategory } from '../../src/categories/repository/index.ts'
import { collectionRepository } from '../../src/collections/repository/index.ts'
import {
  type CategoryAssignment,
  NO_CATEGORIES,
  type Product,
  type ProductFields,
} from '../../src/products/domain/product.ts'
import { type NewProduct, type ProductUpdate, productRepository } from '../../src/products/repository/index.ts'
import { type FoundProduct, type ProductQuery, searchRepository } from '../../src/search/repository/index.ts'
import { slugOf } from '../../src/slugs/slug-of.ts'
import {
  listingRepository,
  type ProjectedStock,
  projectStocks,
  variantRepository,
} from '../../src/stock/repository/index.ts'
import type { NewVariant } from '../../src/variants/domain/variant.ts'
import { type AddedProduct, withVariantId } from '../support/catalog.ts'

export const NOW = new Date('2026-11-23T10:00:00.000Z')
export const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)

/** A primary category by its name, and others by id. */
export const inCategory = (name: string, ids: number[] = []): CategoryAssignment => ({
  named: { name, slug: slugOf({ name }, 'category') },
  ids,
  keptIds: [],
})

/** A variant before it is written: 39.95 dollars, without options or stock. */
export const aVariant = (over: Partial<NewVariant> = {}): NewVariant => ({
  ...{ position: 0, sku: null, barcode: null, options: {}, price: 3_995, compareAtPrice: null, prices: [] },
  ...{ currency: currency('USD'), weightGrams: null, inventoryPolicy: 'deny', metadata: {} },
  ...{ lowStockThreshold: null, openingStock: 0, ...over },
})

/** A product before it is written, with one variant. */
export function aProduct({
  category,
  price,
  openingStock,
  lowStockThreshold,
  slug,
  ...over
}: NewGoods = {}): NewProduct {
  const { name = 'Aeropress' } = over
  const ofVariant = {
    ...(price === undefined ? {} : { price }),
    ...(openingStock === undefined ? {} : { openingStock }),
    ...(lowStockThreshold === undefined ? {} : { lowStockThreshold }),
  }
  return {
    ...{ name, slug: slug ?? slugOf({ name }, 'product'), description: 'Brews one to three cups.', status: 'active' },
    ...{ brand: null, type: 'physical', tags: [], taxCategory: null, shippingClass: null },
    ...{ attributes: {}, seo: {}, translations: {}, metadata: {}, options: [], imageUrl: null, maxPerOrder: null },
    categories: category === undefined ? NO_CATEGORIES : inCategory(category),
    variants: [aVariant(ofVariant)],
    createdAt: NOW,
    ...over,
  }
}

/** What a product is to have; `category` is the name of its primary category, and the next three are of its one variant. */
type NewGoods = Partial<NewProduct> & {
  category?: string
  price?: number
  openingStock?: number
  lowStockThreshold?: number | null
}

/** A change of a product and its one variant; without a version it may change any. */
type Change = {
  product: Product
  fields: Partial<ProductFields> & { price?: number; lowStockThreshold?: number | null }
  version?: number
  updatedAt: Date
}

function toUpdate({ product, fields, version, updatedAt }: Change): ProductUpdate {
  const { price, lowStockThreshold, ...ofProduct } = fields
  const [variant] = product.variants
  const isOfVariant = price !== undefined || lowStockThreshold !== undefined
  if (variant === undefined) throw new Error('No variant')
  const threshold = lowStockThreshold === undefined ? variant.lowStockThreshold : lowStockThreshold
  const changed = { ...variant, price: price ?? variant.price, lowStockThreshold: threshold }
  const variants = { changed: [changed], thresholdOf: lowStockThreshold === undefined ? undefined : variant.id }
  return {
    decidedFrom: { ...product, version: version ?? product.version },
    fields: ofProduct,
    ...(isOfVariant ? { variants } : {}),
    isUnbound: version === undefined,
    updatedAt,
  }
}

function succeeded<T>(result: Result<T, { code: string }>): T {
  if (!result.ok) throw new Error(result.failure.code)
  return result.value
}

/** The catalogue's repositories over a fresh database of this test file. */
export function useDatabase() {
  let database: ServiceDatabase | undefined
  const started = () => {
    if (database === undefined) throw new Error('The database is not started')
    return database
  }
  beforeAll(async () => {
    database = await startDatabase()
  })
  afterAll(() => database?.stop())
  const db = () => started().as('catalog')
  const products = () => {
    const { insert, update, ...others } = productRepository(db())
    return {
      ...others,
      insert: async (product: NewProduct) => succeeded(await insert(product)),
      update: async (change: Change) => succeeded(await update(toUpdate(change))),
      /** The refusals of the two, too. */
      tryInsert: insert,
      tryUpdate: (change: Change) => update(toUpdate(change)),
      /** As the repository has it. */
      tryWrite: update,
    }
  }
  const events = () => eventLog(db(), catalogEvents)
  const insert = (over: NewGoods = {}) => products().insert(aProduct(over))
  return {
    database: started,
    products,
    events,
    search: () => searchRepository(db(), currency('USD')),
    /** A page of the list of products, newest first unless it is sorted. */
    listProducts: async ({
      order = 'newest',
      filters = {},
      limit = 100,
      ...query
    }: Partial<ProductQuery>): Promise<FoundProduct[]> => {
      const { products: found } = await searchRepository(db(), currency('USD')).list({
        order,
        filters,
        limit,
        ...query,
      })
      return found
    },
    categories: (): CategoryRepository => categoryRepository(db()),
    collections: () => collectionRepository(db()),
    attributes: () => attributeRepository(db()),
    /** Tries to add a category; its slug is made from its name. */
    insertCategory: (name: string, over: Partial<NewCategory> = {}) =>
      categoryRepository(db()).insert({
        name,
        slug: slugOf({ name }, 'category'),
        parentId: null,
        metadata: {},
        createdAt: NOW,
        ...over,
      }),
    listing: () => listingRepository(db()),
    variants: () => variantRepository(db()),
    project: (stocks: ProjectedStock[]) => projectStocks(db(), stocks),
    insert,
    addProduct: async (over: NewGoods = {}): Promise<AddedProduct> => withVariantId((await insert(over)).product),
    availableOf: async ({ id }: Product) => (await products().find(id))?.variants[0]?.available,
    /** The events of a key, oldest first. */
    eventsOf: async (key: `${'product' | 'variant' | 'category' | 'collection' | 'attribute'}:${number}`) =>
      (await events().list({ key, limit: 100 })).toReversed(),
  }
}
