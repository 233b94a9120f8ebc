import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { invalidateAnswers } from '../caching/invalidate-answers.ts'
import type { CatalogDeps } from '../deps.ts'
import { deliverNow } from '../events/deliver-now.ts'
import { openStock } from '../stock/open-stock.ts'
import { newProduct, type ProductDraft } from './domain/new-product.ts'
import type { InvalidPrice } from './domain/price.ts'
import type { Product } from './domain/product.ts'

type CreateDeps = Pick<CatalogDeps, 'products' | 'stock' | 'answers' | 'events' | 'later' | 'now' | 'warn'>

/**
 * Adds a product with its opening stock. The opening stock is durable before the answer: if the stock object does not
 * answer now, the sweep opens it later, and the product is listed with its opening stock until then.
 */
export async function createProduct(
  deps: CreateDeps,
  caller: Caller,
  draft: ProductDraft,
): Promise<Result<Product, AccessFailure | InvalidPrice>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const decided = newProduct(draft)
  if (!decided.ok) return decided
  const { openingStock } = decided.value
  const { product, threshold, eventId } = await deps.products.insert({ ...decided.value, createdAt: deps.now() })
  const stock = { variantId: product.variantId, openingStock, threshold }
  await Promise.all([
    deliverNow(deps, { consumer: 'catalog_stock', eventId }, () => openStock(deps, stock)),
    deliverNow(deps, { consumer: 'catalog_cache', eventId }, () => invalidateAnswers(deps)),
  ])
  return ok(product)
}
