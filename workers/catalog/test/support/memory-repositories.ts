import { fail, ok } from '@shop/kernel/result'
import type { CategoryAssignment, Product } from '../../src/products/domain/product.ts'
import type { ProductRepository, SavedProduct } from '../../src/products/repository/index.ts'
import type { SearchRepository } from '../../src/search/repository/index.ts'
import type { ListedStock } from '../../src/stock/domain/audit.ts'
import type { ListingRepository, ThresholdRepository } from '../../src/stock/repository/index.ts'
import { memoryCategories } from './memory-categories.ts'
import { memoryEvents } from './memory-events.ts'
import { memoryAttributes, memoryCollections } from './memory-groups.ts'

type Row = { product: Product; thresholdVersion: number }

/** The repositories in memory: products, their events, and listed stock. */
export function memoryRepositories() {
  const rows = new Map<number, Row>()
  const listed = new Map<number, ListedStock>()
  const memory = memoryEvents()
  /** Names of categories by id; category 999 does not exist. */
  const names: string[] = []
  const idOf = (name: string) => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1) + 1
  const categoriesOf = ({ named, ids, keptIds }: CategoryAssignment) => {
    const categoryIds = [...new Set([...(named ? [idOf(named.name)] : []), ...ids, ...keptIds])]
    const [primary = 0] = categoryIds
    return { categoryIds, category: primary === 0 ? null : (names[primary - 1] ?? `Category ${primary}`) }
  }
  let interruption: (() => Promise<void>) | undefined
  const save = (row: Row, type: 'product.updated' | 'product.deleted', at: Date) => {
    const version = row.product.version + 1
    row.product = { ...row.product, version }
    return memory.write(type, { key: row.product.id, sequence: version, payload: payloadOf(row), createdAt: at })
  }
  const products: ProductRepository = {
    find: async (id) => rows.get(id)?.product,
    quote: async (ids) =>
      ids.flatMap((id) => {
        const product = rows.get(id)?.product
        return product === undefined ? [] : [{ productId: id, ...product }]
      }),
    insert: async ({ openingStock, createdAt, categories, ...fields }) => {
      if (categories.ids.includes(999)) return fail({ code: 'category_not_found', categoryId: 999 })
      const id = rows.size + 1
      const chosen = categoriesOf(categories)
      const stock = { available: openingStock, stockSequence: 0 }
      const product = { ...fields, ...chosen, id, variantId: id, ...stock, createdAt, updatedAt: createdAt, version: 1 }
      const row = { product, thresholdVersion: fields.lowStockThreshold === null ? 0 : 1 }
      rows.set(id, row)
      listed.set(id, { variantId: id, productId: id, available: openingStock, sequence: 0 })
      const payload = { ...payloadOf(row), openingStock }
      return ok(savedOf(row, memory.write('product.created', { key: id, sequence: 1, payload, createdAt })))
    },
    update: async ({ id, fields: { categories, ...fields }, version, updatedAt }) => {
      const interrupt = interruption
      interruption = undefined
      await interrupt?.()
      if (categories?.ids.includes(999)) return fail({ code: 'category_not_found', categoryId: 999 })
      const row = rows.get(id)
      if (row === undefined || (version !== undefined && version !== row.product.version)) return ok(undefined)
      row.product = { ...row.product, ...fields, ...(categories && categoriesOf(categories)), updatedAt }
      const eventId = save(row, 'product.updated', updatedAt)
      if (fields.lowStockThreshold === undefined) return ok(savedOf(row, eventId))
      row.thresholdVersion += 1
      const changed = { key: id, sequence: row.thresholdVersion, payload: { variantId: id }, createdAt: updatedAt }
      return ok({ ...savedOf(row, eventId), thresholdEventId: memory.write('stock.threshold_changed', changed) })
    },
    delete: async ({ id, archivedAt, versions }) => {
      const row = rows.get(id)
      if (row === undefined || versions?.includes(row.product.version) === false) return undefined
      rows.delete(id)
      return { eventId: save(row, 'product.deleted', archivedAt) }
    },
  }
  return {
    products,
    search: memorySearch(rows),
    ...memoryCategories(memory),
    collections: memoryCollections(memory),
    attributes: memoryAttributes(memory),
    listing: memoryListing(rows, listed),
    thresholds: memoryThresholds(rows),
    events: memory.events,
    pendingOf: memory.pendingOf,
    /** Every event with its deliveries, oldest first. */
    written: memory.rows,
    /** The listed stock by variant; a test may change it. */
    listed,
    /** Runs in the middle of the next update, as another writer would. */
    beforeNextUpdate: (work: () => Promise<void>) => {
      interruption = work
    },
  }
}

/** Lists all products, newest first, whatever the filters. */
function memorySearch(rows: Map<number, Row>): SearchRepository {
  return {
    list: async ({ after, limit }) => {
      const products = [...rows.values()]
        .map(({ product }) => product)
        .reverse()
        .filter(({ id }) => after === undefined || id < after.id)
        .slice(0, limit)
      const found = products.map((product) => ({
        ...product,
        position: { key: product.createdAt.toISOString(), id: product.id },
        isCorrected: false,
      }))
      return { products: found, facets: undefined, total: undefined }
    },
    keepLanguage: async () => 0,
    suggest: async () => ({ products: [], categories: [], brands: [] }),
  }
}

function payloadOf({ product: { id, variantId, price, currency } }: Row) {
  return { productId: id, variantId, price, currency }
}

function savedOf({ product, thresholdVersion }: Row, eventId: number): SavedProduct {
  return { product, eventId, threshold: { threshold: product.lowStockThreshold, version: thresholdVersion } }
}

function memoryThresholds(rows: Map<number, Row>): ThresholdRepository {
  return {
    find: async (variantIds) =>
      new Map(
        variantIds.flatMap((id) => {
          const row = rows.get(id)
          if (row === undefined) return []
          return [[id, { threshold: row.product.lowStockThreshold, version: row.thresholdVersion }]]
        }),
      ),
  }
}

function memoryListing(rows: Map<number, Row>, listed: Map<number, ListedStock>): ListingRepository {
  return {
    list: async ({ after, limit }) => [...listed.values()].filter(({ variantId }) => variantId > after).slice(0, limit),
    listLow: async ({ after, limit }) =>
      [...rows.values()]
        .flatMap(({ product: { id, name, lowStockThreshold: threshold } }) => {
          const available = listed.get(id)?.available ?? 0
          const isLow = threshold !== null && available <= threshold
          return isLow && id > after ? [{ productId: id, name, available, threshold }] : []
        })
        .slice(0, limit),
    project: async (stocks) => {
      for (const { variantId, available, sequence } of stocks) {
        const [row, known] = [rows.get(variantId), listed.get(variantId)]
        if (row === undefined || known === undefined || known.sequence >= sequence) continue
        listed.set(variantId, { ...known, available, sequence })
        row.product = { ...row.product, available, stockSequence: sequence }
      }
    },
    rewrite: async (changes) =>
      changes.flatMap(({ listed: was, level: { available, sequence } }) => {
        const current = listed.get(was.variantId)
        if (current?.available !== was.available || current.sequence !== was.sequence) return []
        listed.set(was.variantId, { ...was, available, sequence })
        return [was.variantId]
      }),
  }
}
