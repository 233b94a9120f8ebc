import type {
  CategoryNotFound,
  InvalidAttributes,
  InvalidVariants,
  SkuTaken,
  SlugTaken,
} from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import pMap from 'p-map'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import { deliverNow } from '../events/deliver-now.ts'
import { slugOf } from '../slugs/slug-of.ts'
import { openStock } from '../stock/open-stock.ts'
import type { Variant } from '../variants/domain/variant.ts'
import { newProduct, type ProductDraft } from './domain/new-product.ts'
import type { InvalidPrice } from './domain/price.ts'
import { NO_CATEGORIES, type Product } from './domain/product.ts'
import { assignmentOf } from './internal/assignment-of.ts'

type CreateDeps = Pick<
  CatalogDeps,
  'products' | 'attributes' | 'stock' | 'answers' | 'events' | 'later' | 'now' | 'warn'
>
type CreateFailure =
  | AccessFailure
  | InvalidPrice
  | InvalidVariants
  | InvalidAttributes
  | CategoryNotFound
  | SkuTaken
  | SlugTaken

/** Stock objects called at the same time. */
const CONCURRENCY = 20

/**
 * Adds a product with its variants and their opening stock. The opening stock is durable before the answer: if the stock
 * object does not answer now, the sweep opens it later, and the product is listed with its opening stock until then.
 */
export async function createProduct(
  deps: CreateDeps,
  caller: Caller,
  draft: ProductDraft,
): Promise<Result<Product, CreateFailure>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const declared = await deps.attributes.declared(Object.keys(draft.attributes ?? {}))
  const decided = newProduct(draft, declared)
  if (!decided.ok) return decided
  const categories = assignmentOf(undefined, draft) ?? NO_CATEGORIES
  const slug = slugOf(draft, 'product')
  const saved = await deps.products.insert({ ...decided.value, slug, categories, createdAt: deps.now() })
  if (!saved.ok) return saved
  const { product, eventId, categoryEventId } = saved.value
  await Promise.all([
    deliverNow(deps, { consumer: 'catalog_stock', eventId }, () => openAll(deps, product.variants)),
    announceChange(deps, eventId, categoryEventId),
  ])
  return ok(product)
}

async function openAll(deps: CreateDeps, variants: readonly Variant[]) {
  const opened = await pMap(
    variants,
    ({ id, available, lowStockThreshold, lowStockVersion }) => {
      const threshold = { threshold: lowStockThreshold, version: lowStockVersion }
      return openStock(deps, { variantId: id, openingStock: available, threshold })
    },
    { concurrency: CONCURRENCY },
  )
  return opened.find(({ ok }) => !ok) ?? ok('done' as const)
}
