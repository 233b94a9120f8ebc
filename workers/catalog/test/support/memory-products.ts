import type { CategoryNotFound, SkuTaken, SlugTaken } from '@shop/contracts/catalog/failures'
import type { VariantRef } from '@shop/contracts/catalog/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Attribute } from '../../src/attributes/domain/attribute.ts'
import type { CategoryAssignment, Product } from '../../src/products/domain/product.ts'
import type { Quotable } from '../../src/products/domain/quote-of.ts'
import type { NewProduct, ProductRepository, SavedProduct } from '../../src/products/repository/index.ts'
import { type NewVariant, termsOf, type Variant } from '../../src/variants/domain/variant.ts'
import type { memoryEvents } from './memory-events.ts'
import type { MemoryKeys } from './memory-keys.ts'

type Events = Pick<ReturnType<typeof memoryEvents>, 'write'>
type Update = Parameters<ProductRepository['update']>[0]
type SaveFailure = CategoryNotFound | SkuTaken | SlugTaken

const quotesOf = (product: Product): Quotable[] =>
  product.variants.map((variant) => {
    const { id: variantId, price, compareAtPrice, currency, prices, sku, options, weightGrams, available } = variant
    const {
      id: productId,
      name,
      category,
      imageUrl,
      maxPerOrder,
      type,
      taxCategory,
      shippingClass,
      categoryIds,
    } = product
    const priced = { price, compareAtPrice, currency, prices }
    return {
      productId,
      variantId,
      name,
      category,
      imageUrl,
      ...{ maxPerOrder, type, taxCategory, shippingClass, categoryIds, collectionIds: [], weightGrams, available },
      ...priced,
      sku,
      options,
      stock: termsOf(variant),
    }
  })

const isNamed = (ref: VariantRef) => (quote: Quotable) =>
  'sku' in ref
    ? quote.sku === ref.sku
    : 'variantId' in ref
      ? quote.variantId === ref.variantId
      : quote.productId === ref.productId

const toChoice = ({ id, sku, options }: Variant) => ({ id, sku, options })

/**
 * Products in memory, with their events. Category 999 does not exist.
 *
 * @param declared the declared attributes of some keys
 * @param listNew called with a new variant
 */
export function memoryProducts(
  { write }: Events,
  { keyed }: Pick<MemoryKeys, 'keyed'>,
  declared: (keys: readonly string[]) => Promise<Attribute[]>,
  listNew: (productId: number, variant: Variant) => void,
) {
  const rows = new Map<number, Product>()
  const redirects = new Map<string, number>()
  const { categoriesOf } = memoryCategoryNames()
  let lastVariant = 0
  let interruption: (() => Promise<void>) | undefined
  const all = () => [...rows.values()]
  const added = (productId: number, variant: NewVariant): Variant => {
    lastVariant += 1
    const lowStockVersion = variant.lowStockThreshold === null ? 0 : 1
    const fresh = { ...variant, id: lastVariant, available: variant.openingStock, stockSequence: 0, lowStockVersion }
    listNew(productId, fresh)
    return fresh
  }
  const takenBy = (variants: readonly Pick<Variant, 'sku'>[], except: readonly number[] = []) => {
    const skus = variants.flatMap(({ sku }) => (sku === null ? [] : [sku]))
    const others = all().flatMap((product) => product.variants.filter(({ id }) => !except.includes(id)))
    return others.find(({ sku }) => sku !== null && skus.includes(sku))?.sku
  }
  const swap = (product: Product, type: 'product.updated' | 'product.deleted', at: Date): SavedProduct => {
    const saved = { ...product, version: product.version + 1 }
    rows.set(saved.id, saved)
    const written = { key: saved.id, sequence: saved.version, payload: payloadOf(saved), createdAt: at }
    return { product: saved, eventId: write(type, written) }
  }
  const insert = async ({
    slug: { text, isChosen },
    createdAt,
    categories,
    variants,
    ...fields
  }: NewProduct): Promise<Result<SavedProduct, SaveFailure>> => {
    if (categories.ids.includes(999)) return fail({ code: 'category_not_found', categoryId: 999 })
    const taken = takenBy(variants)
    if (taken !== undefined && taken !== null) return fail({ code: 'sku_taken', sku: taken })
    const isTaken = all().some(({ slug }) => slug === text)
    if (isTaken && isChosen) return fail({ code: 'slug_taken', slug: text })
    const id = rows.size + 1
    const product = {
      ...{ ...fields, ...categoriesOf(categories), id, slug: isTaken ? `${text}-${id}` : text },
      archivedAt: fields.status === 'archived' ? createdAt : null,
      variants: variants.map((variant) => added(id, variant)),
      ...{ createdAt, updatedAt: createdAt, version: 1 },
    }
    rows.set(id, product)
    const payload = { ...payloadOf(product), openingStock: variants[0]?.openingStock ?? 0 }
    return ok({ product, eventId: write('product.created', { key: id, sequence: 1, payload, createdAt }) })
  }
  const update = async ({
    decidedFrom,
    fields = {},
    variants: written = {},
    isUnbound,
    updatedAt,
  }: Update): Promise<Result<SavedProduct | undefined, SaveFailure>> => {
    const interrupt = interruption
    interruption = undefined
    await interrupt?.()
    const { categories, ...rest } = fields
    if (categories?.ids.includes(999)) return fail({ code: 'category_not_found', categoryId: 999 })
    const { added: fresh = [], changed = [] } = written
    const taken = takenBy(
      [...fresh, ...changed],
      changed.map(({ id }) => id),
    )
    if (taken !== undefined && taken !== null) return fail({ code: 'sku_taken', sku: taken })
    const row = rows.get(decidedFrom.id)
    if (row === undefined || (!isUnbound && row.version !== decidedFrom.version)) return ok(undefined)
    const { slug = row.slug, status = row.status } = rest
    if (all().some((other) => other.id !== row.id && other.slug === slug)) return fail({ code: 'slug_taken', slug })
    if (slug !== row.slug) redirects.set(row.slug, row.id)
    const variants = [...writtenOver(row.variants, written), ...fresh.map((variant) => added(row.id, variant))]
    const archivedAt = status === 'archived' ? (row.archivedAt ?? updatedAt) : null
    const assigned = categories && categoriesOf(categories)
    const saved = swap({ ...row, ...rest, ...assigned, archivedAt, variants, updatedAt }, 'product.updated', updatedAt)
    const ofThreshold = saved.product.variants.find(({ id }) => id === written.thresholdOf)
    if (ofThreshold === undefined) return ok(saved)
    const { id: key, lowStockVersion: sequence } = ofThreshold
    const change = { key, sequence, payload: { variantId: key }, createdAt: updatedAt }
    write('stock.threshold_changed', change)
    return ok(saved)
  }
  const products: ProductRepository = {
    find: async (id) => rows.get(id),
    findWithAttributes: async (id, keys) => ({ product: rows.get(id), declared: await declared(keys) }),
    findBySku: async (sku, { isForSale }) =>
      all()
        .filter(({ status }) => status === 'active' || !isForSale)
        .flatMap(({ id, variants }) => variants.map((variant) => ({ ...variant, productId: id })))
        .filter((variant) => variant.sku === sku),
    findBySlug: async (slug, { isForSale }) =>
      [all().find((product) => product.slug === slug), rows.get(redirects.get(slug) ?? 0)].find(
        (product) => product !== undefined && (product.status === 'active' || !isForSale),
      ),
    quote: async (refs) => {
      const named = refs.map((ref) =>
        all()
          .filter(({ status }) => status === 'active')
          .flatMap(quotesOf)
          .filter(isNamed(ref)),
      )
      const [first] = named.find((quotes) => quotes.length > 1) ?? []
      return { named, choices: (rows.get(first?.productId ?? 0)?.variants ?? []).map(toChoice) }
    },
    insert: ({ key, ...product }) =>
      keyed(
        key,
        () => insert(product),
        (saved) => saved.product.id,
      ),
    update,
    insertVariant: ({ decidedFrom, variant, key, updatedAt }) => {
      const add = async (): Promise<Result<SavedProduct | undefined, SkuTaken>> => {
        const saved = await update({ decidedFrom, variants: { added: [variant] }, updatedAt })
        if (saved.ok) return saved
        if (saved.failure.code === 'sku_taken') return fail(saved.failure)
        throw new Error(saved.failure.code)
      }
      return keyed(key, add, (saved) => saved?.product.variants.at(-1)?.id)
    },
    delete: async ({ id, archivedAt, versions }) => {
      const row = rows.get(id)
      if (row === undefined || row.status === 'archived' || versions?.includes(row.version) === false) return undefined
      return { eventId: swap({ ...row, status: 'archived', archivedAt }, 'product.deleted', archivedAt).eventId }
    },
  }
  return {
    products,
    /** Every product, those that are not for sale included. */
    all,
    put: (product: Product) => void rows.set(product.id, product),
    /** Runs in the middle of the next update, as another writer would. */
    beforeNextUpdate: (work: () => Promise<void>) => {
      interruption = work
    },
  }
}

/** Names of categories by id. */
function memoryCategoryNames() {
  const names: string[] = []
  const idOf = (name: string) => (names.includes(name) ? names.indexOf(name) : names.push(name) - 1) + 1
  return {
    categoriesOf: ({ named, ids, keptIds }: CategoryAssignment) => {
      const categoryIds = [...new Set([...(named ? [idOf(named.name)] : []), ...ids, ...keptIds])]
      const [primary = 0] = categoryIds
      return { categoryIds, category: primary === 0 ? null : (names[primary - 1] ?? `Category ${primary}`) }
    },
  }
}

function writtenOver(variants: Variant[], { changed = [], removedId, thresholdOf }: NonNullable<Update['variants']>) {
  return variants
    .filter(({ id }) => id !== removedId)
    .map((variant) => {
      const written = changed.find(({ id }) => id === variant.id) ?? variant
      const { available, stockSequence } = variant
      const lowStockVersion = variant.lowStockVersion + (variant.id === thresholdOf ? 1 : 0)
      return { ...written, available, stockSequence, lowStockVersion }
    })
}

function payloadOf({ id, variants }: Product) {
  const [first] = variants
  if (first === undefined) throw new Error(`Product ${id} has no variant`)
  const { id: variantId, price, currency } = first
  return { productId: id, variantId, variantIds: variants.map((variant) => variant.id), price, currency }
}
