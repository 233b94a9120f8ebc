import type { ChangeRepository } from '../../src/caching/repository.ts'
import type { Product } from '../../src/products/domain/product.ts'
import type { ProductRepository } from '../../src/products/repository/index.ts'
import type { ListedStock } from '../../src/stock/domain/audit.ts'
import type {
  EventRepository,
  ListingRepository,
  OpeningRepository,
  OpeningStock,
  ThresholdRepository,
} from '../../src/stock/repository/index.ts'

/** The repositories in memory: products, listed stock, and the outbox rows that are not confirmed. */
export function memoryRepositories() {
  const rows = new Map<number, Product>()
  const listed = new Map<number, ListedStock>()
  const { openings, pending } = memoryOpenings()
  const { thresholds, setThreshold } = memoryThresholds(rows)
  const { changes, unannounced } = memoryChanges()
  let interruption: (() => Promise<void>) | undefined
  const products: ProductRepository = {
    find: async (id) => rows.get(id),
    list: async ({ after, limit }) =>
      [...rows.values()]
        .reverse()
        .filter((row) => after === undefined || row.id < after.id)
        .slice(0, limit),
    quote: async (ids) =>
      ids.flatMap((id) => {
        const row = rows.get(id)
        return row === undefined ? [] : [{ productId: id, ...row }]
      }),
    insert: async ({ openingStock, createdAt, change, ...fields }) => {
      const id = rows.size + 1
      const row = { ...fields, id, variantId: id, available: openingStock, createdAt, updatedAt: createdAt }
      rows.set(id, row)
      listed.set(id, { variantId: id, productId: id, available: openingStock, sequence: 0 })
      unannounced.add(change.key)
      if (fields.lowStockThreshold !== null) setThreshold(id, change.key)
      if (openingStock > 0) {
        pending.set(id, { eventId: id, variantId: id, quantity: openingStock, key: `opening:${id}` })
      }
      return row
    },
    update: async ({ id, fields, decidedFrom, stock, updatedAt, change }) => {
      const interrupt = interruption
      interruption = undefined
      await interrupt?.()
      const row = rows.get(id)
      if (row?.price !== decidedFrom.price || row.currency !== decidedFrom.currency) return undefined
      const saved = { ...row, ...fields, available: stock?.available ?? row.available, updatedAt }
      rows.set(id, saved)
      unannounced.add(change.key)
      if (fields.lowStockThreshold !== undefined) setThreshold(id, change.key)
      return saved
    },
    delete: async ({ id, change }) => rows.delete(id) && unannounced.add(change.key) !== undefined,
  }
  const events: EventRepository = { prune: async () => 0 }
  return {
    products,
    openings,
    listing: memoryListing(rows, listed),
    thresholds,
    changes,
    events,
    /** What is listed, by variant; a test may change it. */
    listed,
    unannouncedChanges: () => unannounced.size,
    unconfirmedOpenings: () => [...pending.keys()],
    /** Runs in the middle of the next update, as another writer would. */
    beforeNextUpdate: (work: () => Promise<void>) => {
      interruption = work
    },
  }
}

function memoryOpenings() {
  const pending = new Map<number, OpeningStock>()
  const openings: OpeningRepository = {
    claim: async () => [...pending.values()],
    confirm: async ({ eventId }) => void pending.delete(eventId),
    confirmOf: async ({ variantId }) => void pending.delete(variantId),
    countPending: async () => pending.size,
  }
  return { openings, pending }
}

function memoryThresholds(rows: Map<number, Product>) {
  const unconfirmed = new Map<string, number>()
  const versions = new Map<number, number>()
  const thresholdOf = (variantId: number) => ({
    variantId,
    threshold: rows.get(variantId)?.lowStockThreshold ?? null,
    version: versions.get(variantId) ?? 0,
  })
  const thresholds: ThresholdRepository = {
    find: async (variantId) => thresholdOf(variantId),
    claim: async () => [...unconfirmed].map(([key, variantId]) => ({ key, threshold: thresholdOf(variantId) })),
    confirm: async ({ key }) => void unconfirmed.delete(key),
  }
  const setThreshold = (variantId: number, key: string) => {
    versions.set(variantId, (versions.get(variantId) ?? 0) + 1)
    unconfirmed.set(key, variantId)
  }
  return { thresholds, setThreshold }
}

function memoryChanges() {
  const unannounced = new Set<string>()
  const changes: ChangeRepository = {
    claim: async () => [...unannounced].map((_, index) => index),
    confirmAll: async () => unannounced.clear(),
    confirm: async ({ key }) => void unannounced.delete(key),
  }
  return { changes, unannounced }
}

function memoryListing(rows: Map<number, Product>, listed: Map<number, ListedStock>): ListingRepository {
  return {
    list: async ({ after, limit }) => [...listed.values()].filter(({ variantId }) => variantId > after).slice(0, limit),
    listLow: async ({ after, limit }) =>
      [...rows.values()]
        .flatMap(({ id, name, lowStockThreshold: threshold }) => {
          const available = listed.get(id)?.available ?? 0
          const isLow = threshold !== null && available <= threshold
          return isLow && id > after ? [{ productId: id, name, available, threshold }] : []
        })
        .slice(0, limit),
    rewrite: async (changes) =>
      changes.flatMap(({ listed: was, level: { available, sequence } }) => {
        const current = listed.get(was.variantId)
        if (current?.available !== was.available || current.sequence !== was.sequence) return []
        listed.set(was.variantId, { ...was, available, sequence })
        return [was.variantId]
      }),
  }
}
