import type { Product } from '@shop/contracts'
import type { ChangeStore, OpeningStock, OpeningStore, ProductStore } from '../../src/ports.ts'

/** Products, their unconfirmed openings and the changes nobody has confirmed, in memory. */
export function memoryProducts() {
  const rows = new Map<number, Product>()
  const pending = new Map<number, OpeningStock>()
  const unheard = new Set<string>()
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
  const changes: ChangeStore = {
    claim: async () => [...unheard].map((_, index) => index),
    confirmAll: async () => unheard.clear(),
    confirm: async ({ key }) => void unheard.delete(key),
  }
  return {
    products,
    openings,
    changes,
    unheardChanges: () => unheard.size,
    unconfirmed: () => [...pending.keys()],
    /** Runs in the middle of the next update, as another writer would. */
    beforeNextUpdate: (work: () => Promise<void>) => {
      interruption = work
    },
  }
}
