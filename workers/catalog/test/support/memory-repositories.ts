import type { StockTerms } from '@shop/contracts/catalog/rpc'
import { fail, ok } from '@shop/kernel/result'
import type { CategoryAssignment, Product } from '../../src/products/domain/product.ts'
import type { ProductRepository } from '../../src/products/repository/index.ts'
import type { ListedStock } from '../../src/stock/domain/audit.ts'
import type { ListingRepository, VariantRepository } from '../../src/stock/repository/index.ts'
import { memoryCategories } from './memory-categories.ts'
import { memoryEvents } from './memory-events.ts'
import { memoryAttributes, memoryCollections } from './memory-groups.ts'
import { memoryKeys } from './memory-keys.ts'
import { termsWith } from './terms.ts'

/** `others`: further variants of the product, by id. */
type Row = { product: Product; others: number[]; isDraft?: boolean }

/** The repositories in memory: products, their events, and listed stock. */
export function memoryRepositories() {
  const rows = new Map<number, Row>()
  const listed = new Map<number, ListedStock>()
  const memory = memoryEvents()
  const creations = memoryKeys()
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
  const changeTerms = (id: number, over: Partial<StockTerms>) => {
    const [row, known] = [rows.get(id), listed.get(id)]
    if (row === undefined || known === undefined) throw new Error(`There is no product ${id}`)
    const terms = { ...row.product.terms, ...over }
    row.product = { ...row.product, terms }
    listed.set(id, { ...known, terms })
  }
  const products: ProductRepository = {
    find: async (id) => rows.get(id)?.product,
    list: async ({ after, limit }) =>
      [...rows.values()]
        .map(({ product }) => product)
        .reverse()
        .filter(({ id }) => after === undefined || id < after.id)
        .slice(0, limit),
    quote: async (refs) => ({
      named: refs.map((ref) => {
        const row = 'sku' in ref ? undefined : rows.get('variantId' in ref ? ref.variantId : ref.productId)
        return row === undefined
          ? []
          : [{ ...row.product, productId: row.product.id, sku: null, options: {}, stock: row.product.terms }]
      }),
      choices: [],
    }),
    insert: async ({ openingStock, createdAt, categories, ...fields }) => {
      if (categories.ids.includes(999)) return fail({ code: 'category_not_found', categoryId: 999 })
      const id = rows.size + 1
      const chosen = categoriesOf(categories)
      const threshold = fields.lowStockThreshold
      const terms = termsWith({ openingStock, threshold, thresholdVersion: threshold === null ? 0 : 1 })
      const stock = { available: openingStock, terms }
      const product = { ...fields, ...chosen, id, variantId: id, ...stock, createdAt, updatedAt: createdAt, version: 1 }
      const row = { product, others: [] }
      rows.set(id, row)
      listed.set(id, { variantId: id, productId: id, sku: null, available: openingStock, terms })
      const payload = { ...payloadOf(row), openingStock }
      return ok({ product, eventId: memory.write('product.created', { key: id, sequence: 1, payload, createdAt }) })
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
      if (fields.lowStockThreshold !== undefined) {
        const thresholdVersion = row.product.terms.thresholdVersion + 1
        changeTerms(id, { threshold: fields.lowStockThreshold, thresholdVersion })
        const changed = { key: id, sequence: thresholdVersion, payload: { variantId: id }, createdAt: updatedAt }
        memory.write('stock.threshold_changed', changed)
      }
      return ok({ product: row.product, eventId })
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
    ...memoryCategories(memory, creations),
    collections: memoryCollections(memory, creations),
    attributes: memoryAttributes(memory, creations),
    keys: creations.keys,
    listing: memoryListing(rows, listed),
    variants: memoryVariants(rows),
    /** Changes what Postgres has about the stock of a product. */
    changeTerms,
    /** Adds a variant to a product; it has no stock. */
    addVariant: (productId: number, id: number) => rows.get(productId)?.others.push(id),
    /** Makes a product a draft. */
    draft: (id: number) => Object.assign(rows.get(id) ?? {}, { isDraft: true }),
    termsOf: (id: number): StockTerms => rows.get(id)?.product.terms ?? termsWith(),
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

function payloadOf({ product: { id, variantId, price, currency } }: Row) {
  return { productId: id, variantId, price, currency }
}

function memoryVariants(rows: Map<number, Row>): VariantRepository {
  const all = () =>
    [...rows.values()].flatMap(({ product: { id, variantId, terms }, others, isDraft = false }) => {
      const variant = { id: variantId, productId: id, isDraft, sku: null, options: {}, terms }
      const further = others.map((other) => ({ ...variant, id: other, terms: termsWith() }))
      return [variant, ...further]
    })
  return {
    find: async (id) => all().find((variant) => variant.id === id),
    findOfProduct: async (productId) => all().filter((variant) => variant.productId === productId),
    terms: async (ids) =>
      new Map(
        all()
          .filter(({ id }) => ids.includes(id))
          .map(({ id, terms }) => [id, terms]),
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
          const row = { productId: id, variantId: id, sku: null, name, available }
          return isLow && id > after.productId ? [{ ...row, threshold }] : []
        })
        .slice(0, limit),
    project: async (stocks) => {
      for (const { variantId, available, sequence } of stocks) {
        const [row, known] = [rows.get(variantId), listed.get(variantId)]
        if (row === undefined || known === undefined || known.terms.sequence >= sequence) continue
        const terms = { ...known.terms, sequence }
        listed.set(variantId, { ...known, available, terms })
        row.product = { ...row.product, available, terms }
      }
    },
    rewrite: async (changes) =>
      changes.flatMap(({ listed: was, level: { available, sequence } }) => {
        const current = listed.get(was.variantId)
        if (current?.available !== was.available || current.terms.sequence !== was.terms.sequence) return []
        listed.set(was.variantId, { ...was, available, terms: { ...was.terms, sequence } })
        return [was.variantId]
      }),
  }
}
