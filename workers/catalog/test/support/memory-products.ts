import type { Product } from '@shop/contracts'
import type {
  ChangeStore,
  OpeningStock,
  OpeningStore,
  ProductStore,
  StockListing,
  WatchStore,
} from '../../src/ports.ts'

/** Products, their unconfirmed openings and the changes nobody has confirmed, in memory. */
export function memoryProducts() {
  const rows = new Map<number, Product>()
  const pending = new Map<number, OpeningStock>()
  const unheard = new Set<string>()
  const unwatched = new Map<string, number>()
  const versions = new Map<number, number>()
  const watchOf = (variantId: number) => ({
    variantId,
    threshold: rows.get(variantId)?.lowStockThreshold ?? null,
    version: versions.get(variantId) ?? 0,
  })
  const noteThreshold = (variantId: number, key: string) => {
    versions.set(variantId, (versions.get(variantId) ?? 0) + 1)
    unwatched.set(key, variantId)
  }
  let interruption: (() => Promise<void>) | undefined
  const products: ProductStore = {
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
      unheard.add(change.key)
      if (fields.lowStockThreshold !== null) noteThreshold(id, change.key)
      if (openingStock > 0)
        pending.set(id, { eventId: id, variantId: id, quantity: openingStock, key: `opening:${id}` })
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
      unheard.add(change.key)
      if (fields.lowStockThreshold !== undefined) noteThreshold(id, change.key)
      return saved
    },
    delete: async ({ id, change }) => rows.delete(id) && unheard.add(change.key) !== undefined,
  }
  const openings: OpeningStore = {
    claim: async () => [...pending.values()],
    confirm: async ({ eventId }) => void pending.delete(eventId),
    confirmOf: async ({ variantId }) => void pending.delete(variantId),
    prune: async () => 0,
  }
  const watches: WatchStore = {
    read: async (variantId) => watchOf(variantId),
    claim: async () => [...unwatched].map(([key, variantId]) => ({ key, watch: watchOf(variantId) })),
    confirm: async ({ key }) => void unwatched.delete(key),
    listLow: async () => [],
  }
  const listing: StockListing = { read: async () => [], rewrite: async () => [] }
  const changes: ChangeStore = {
    claim: async () => [...unheard].map((_, index) => index),
    confirmAll: async () => unheard.clear(),
    confirm: async ({ key }) => void unheard.delete(key),
  }
  return {
    products,
    openings,
    listing,
    watches,
    changes,
    unheardChanges: () => unheard.size,
    unconfirmed: () => [...pending.keys()],
    /** Runs in the middle of the next update, as another writer would. */
    beforeNextUpdate: (work: () => Promise<void>) => {
      interruption = work
    },
  }
}
