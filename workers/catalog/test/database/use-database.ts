import { eventLog } from '@shop/db/events/log'
import { catalogEvents } from '@shop/db/schema/catalog'
import { currency } from '@shop/kernel/currencies'
import type { Result } from '@shop/kernel/result'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll } from 'vitest'
import { attributeRepository } from '../../src/attributes/repository.ts'
import { type CategoryRepository, categoryRepository, type NewCategory } from '../../src/categories/repository/index.ts'
import { collectionRepository } from '../../src/collections/repository/index.ts'
import { type CategoryAssignment, NO_CATEGORIES, type Product } from '../../src/products/domain/product.ts'
import { type NewProduct, type ProductUpdate, productRepository } from '../../src/products/repository/index.ts'
import { type FoundProduct, type ProductQuery, searchRepository } from '../../src/search/repository/index.ts'
import { slugOf } from '../../src/slugs/slug-of.ts'
import {
  listingRepository,
  type ProjectedStock,
  projectStocks,
  thresholdRepository,
} from '../../src/stock/repository/index.ts'

export const NOW = new Date('2026-11-23T10:00:00.000Z')
export const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)

/** A primary category by its name, and others by id. */
export const inCategory = (name: string, ids: number[] = []): CategoryAssignment => ({
  named: { name, slug: slugOf({ name }, 'category') },
  ids,
  keptIds: [],
})

/** What a product is to have; `category` is the name of its primary category. */
type NewGoods = Partial<NewProduct> & { category?: string }

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
      update: async (change: ProductUpdate) => succeeded(await update(change)),
      /** The refusals of the two, too. */
      tryInsert: insert,
      tryUpdate: update,
    }
  }
  const events = () => eventLog(db(), catalogEvents)
  const insert = ({ category, ...over }: NewGoods = {}) =>
    products().insert({
      name: 'Aeropress',
      description: 'Brews one to three cups.',
      categories: category === undefined ? NO_CATEGORIES : inCategory(category),
      imageUrl: null,
      price: 3_995,
      currency: currency('USD'),
      lowStockThreshold: null,
      maxPerOrder: null,
      openingStock: 0,
      createdAt: NOW,
      ...over,
    })
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
    thresholds: () => thresholdRepository(db()),
    project: (stocks: ProjectedStock[]) => projectStocks(db(), stocks),
    insert,
    addProduct: async (over: NewGoods = {}): Promise<Product> => (await insert(over)).product,
    availableOf: async ({ id }: Product) => (await products().find(id))?.available,
    /** The events of a key, oldest first. */
    eventsOf: async (key: `${'product' | 'variant' | 'category' | 'collection' | 'attribute'}:${number}`) =>
      (await events().list({ key, limit: 100 })).toReversed(),
  }
}
