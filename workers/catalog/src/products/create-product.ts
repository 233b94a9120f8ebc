import type { CategoryNotFound } from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import { deliverNow } from '../events/deliver-now.ts'
import { openStock } from '../stock/open-stock.ts'
import { newProduct, type ProductDraft } from './domain/new-product.ts'
import type { InvalidPrice } from './domain/price.ts'
import { NO_CATEGORIES, type Product } from './domain/product.ts'
import { assignmentOf } from './internal/assignment-of.ts'

type CreateDeps = Pick<CatalogDeps, 'products' | 'stock' | 'answers' | 'events' | 'later' | 'now' | 'warn'>

/**
 * Adds a product with its opening stock. The opening stock is durable before the answer: if the stock object does not
 * answer now, the sweep opens it later, and the product is listed with its opening stock until then.
 */
export async function createProduct(
  deps: CreateDeps,
  caller: Caller,
  draft: ProductDraft,
): Promise<Result<Product, AccessFailure | InvalidPrice | CategoryNotFound>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const decided = newProduct(draft)
  if (!decided.ok) return decided
  const { openingStock } = decided.value
  const categories = assignmentOf(undefined, draft) ?? NO_CATEGORIES
  const saved = await deps.products.insert({ ...decided.value, categories, createdAt: deps.now() })
  if (!saved.ok) return saved
  const { product, threshold, eventId, categoryEventId } = saved.value
  const stock = { variantId: product.variantId, openingStock, threshold }
  await Promise.all([
    deliverNow(deps, { consumer: 'catalog_stock', eventId }, () => openStock(deps, stock)),
    announceChange(deps, eventId, categoryEventId),
  ])
  return ok(product)
}
