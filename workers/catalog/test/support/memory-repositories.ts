import type { StockTerms } from '@shop/contracts/catalog/rpc'
import type { Product } from '../../src/products/domain/product.ts'
import type { SearchRepository } from '../../src/search/repository/index.ts'
import type { ListedStock } from '../../src/stock/domain/audit.ts'
import type { ListingRepository, VariantRepository } from '../../src/stock/repository/index.ts'
import { termsOf, type Variant } from '../../src/variants/domain/variant.ts'
import { aVariant } from './goods.ts'
import { memoryCategories } from './memory-categories.ts'
import { memoryEvents } from './memory-events.ts'
import { memoryAttributes, memoryCollections } from './memory-groups.ts'
import { memoryKeys } from './memory-keys.ts'
import { memoryProducts } from './memory-products.ts'
import { termsWith } from './terms.ts'

/** The repositories in memory: products, their events, and listed stock. */
export function memoryRepositories() {
  const listed = new Map<number, ListedStock>()
  const memory = memoryEvents()
  const creations = memoryKeys()
  const attributes = memoryAttributes(memory, creations)
  const { products, all, put, beforeNextUpdate } = memoryProducts(
    memory,
    creations,
    attributes.declared,
    (productId, variant) => {
      const { id: variantId, sku, available } = variant
      listed.set(variantId, { variantId, productId, sku, available, terms: termsOf(variant) })
    },
  )
  const variants = () => all().flatMap((product) => product.variants.map((variant) => ({ product, variant })))
  /** Replaces what is stored of the stock of a variant, and lists it. */
  const restock = (id: number, stock: Partial<Variant>) => {
    const found = variants().find(({ variant }) => variant.id === id)
    if (found === undefined) throw new Error(`There is no variant ${id}`)
    const { product } = found
    const changed = { ...found.variant, ...stock }
    put({ ...product, variants: product.variants.map((one) => (one.id === id ? changed : one)) })
    const { sku, available } = changed
    listed.set(id, { variantId: id, productId: product.id, sku, available, terms: termsOf(changed) })
  }
  const edit = (id: number, change: (product: Product) => Product) => {
    for (const product of all()) if (product.id === id) put(change(product))
  }
  return {
    products,
    search: memorySearch(all),
    ...memoryCategories(memory, creations),
    collections: memoryCollections(memory, creations),
    attributes,
    keys: creations.keys,
    listing: memoryListing(variants, listed, restock),
    variants: memoryVariants(variants),
    /** Changes what Postgres has about the stock of a variant. */
    changeTerms: (id: number, { policy, sequence }: Partial<Pick<StockTerms, 'policy' | 'sequence'>>) =>
      restock(id, {
        ...(policy === undefined ? {} : { inventoryPolicy: policy }),
        ...(sequence === undefined ? {} : { stockSequence: sequence }),
      }),
    /** Adds a variant to a product; it has no stock. */
    addVariant: (productId: number, id: number) =>
      edit(productId, (product) => ({ ...product, variants: [...product.variants, aVariant({ id, available: 0 })] })),
    /** Makes a product a draft. */
    draft: (id: number) => edit(id, (product) => ({ ...product, status: 'draft' })),
    termsOf: (id: number): StockTerms => {
      const found = variants().find(({ variant }) => variant.id === id)
      return found === undefined ? termsWith() : termsOf(found.variant)
    },
    events: memory.events,
    pendingOf: memory.pendingOf,
    /** Every event with its deliveries, oldest first. */
    written: memory.rows,
    /** The listed stock by variant; a test may change it. */
    listed,
    beforeNextUpdate,
  }
}

/** Lists products by their status alone, newest first, whatever else they are filtered by. */
function memorySearch(all: () => Product[]): SearchRepository {
  return {
    list: async ({ status = 'active', after, limit }) => {
      const products = all()
        .filter((product) => product.status === status && (after === undefined || product.id < after.id))
        .toSorted((one, other) => other.id - one.id)
        .slice(0, limit)
      const found = products.map((product) => ({
        ...product,
        position: { key: product.createdAt.toISOString(), id: product.id },
        isCorrected: false,
      }))
      return { products: found, facets: undefined, total: undefined }
    },
    catchUp: async () => 0,
    suggest: async () => ({ products: [], categories: [], brands: [] }),
  }
}

type Variants = () => { product: Product; variant: Variant }[]

function memoryVariants(variants: Variants): VariantRepository {
  const present = () =>
    variants().flatMap(({ product: { id: productId, status }, variant }) => {
      const { id, sku, options } = variant
      const row = { id, productId, isDraft: status === 'draft', sku, options, terms: termsOf(variant) }
      return status === 'archived' ? [] : [row]
    })
  return {
    find: async (id) => present().find((variant) => variant.id === id),
    findOfProduct: async (productId) => present().filter((variant) => variant.productId === productId),
    terms: async (ids) =>
      new Map(
        variants().flatMap(({ variant }) =>
          ids.includes(variant.id) ? [[variant.id, termsOf(variant)] as const] : [],
        ),
      ),
  }
}

function memoryListing(
  variants: Variants,
  listed: Map<number, ListedStock>,
  restock: (variantId: number, stock: Partial<Variant>) => void,
): ListingRepository {
  return {
    list: async ({ after, limit }) => [...listed.values()].filter(({ variantId }) => variantId > after).slice(0, limit),
    listLow: async ({ after, limit }) =>
      variants()
        .flatMap(({ product: { id: productId, name }, variant: { id, sku, lowStockThreshold: threshold } }) => {
          const available = listed.get(id)?.available ?? 0
          const isLow = threshold !== null && available <= threshold
          const row = { productId, variantId: id, sku, name, available }
          return isLow && productId > after.productId ? [{ ...row, threshold }] : []
        })
        .slice(0, limit),
    project: async (stocks) => {
      for (const { variantId, available, sequence } of stocks) {
        const known = listed.get(variantId)
        if (known === undefined || known.terms.sequence >= sequence) continue
        restock(variantId, { available, stockSequence: sequence })
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
