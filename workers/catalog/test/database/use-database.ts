import { currency } from '@shop/kernel'
import { type ServiceDatabase, startDatabase } from '@shop/testing/database'
import { afterAll, beforeAll } from 'vitest'
import { changeRepository } from '../../src/caching/repository.ts'
import type { Product } from '../../src/products/domain/product.ts'
import { type NewProduct, productRepository } from '../../src/products/repository/index.ts'
import {
  eventRepository,
  listingRepository,
  openingRepository,
  type ProjectedStock,
  projectStocks,
  thresholdRepository,
} from '../../src/stock/repository/index.ts'

export const NOW = new Date('2026-11-23T10:00:00.000Z')
export const later = (seconds: number) => new Date(NOW.getTime() + seconds * 1_000)
export const announcement = (seconds = 10) => ({ key: crypto.randomUUID(), firstAttemptAt: later(seconds) })

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
  const products = () => productRepository(db())
  return {
    database: started,
    db,
    products,
    changes: () => changeRepository(db()),
    openings: () => openingRepository(db()),
    listing: () => listingRepository(db()),
    thresholds: () => thresholdRepository(db()),
    events: () => eventRepository(db()),
    project: (stocks: ProjectedStock[]) => projectStocks(db(), stocks),
    addProduct: (over: Partial<NewProduct> = {}): Promise<Product> =>
      products().insert({
        name: 'Aeropress',
        description: 'Brews one to three cups.',
        category: null,
        imageUrl: null,
        price: 3_995,
        currency: currency('USD'),
        lowStockThreshold: null,
        openingStock: 0,
        createdAt: NOW,
        change: announcement(),
        ...over,
      }),
    availableOf: async ({ id }: Product) => (await products().find(id))?.available,
  }
}
