import type { CategoryNotFound } from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { ok, type Result } from '@shop/kernel/result'
import { announceChange } from '../caching/announce-change.ts'
import type { CatalogDeps } from '../deps.ts'
import { newProduct, type ProductDraft } from './domain/new-product.ts'
import type { InvalidPrice } from './domain/price.ts'
import { NO_CATEGORIES, type Product } from './domain/product.ts'
import { assignmentOf } from './internal/assignment-of.ts'

type CreateDeps = Pick<CatalogDeps, 'products' | 'answers' | 'events' | 'later' | 'now' | 'warn'>

/**
 * Adds a product with its opening stock. Its stock object is made when it is first needed; until then the product is listed
 * with its opening stock.
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
  const categories = assignmentOf(undefined, draft) ?? NO_CATEGORIES
  const saved = await deps.products.insert({ ...decided.value, categories, createdAt: deps.now() })
  if (!saved.ok) return saved
  const { product, eventId, categoryEventId } = saved.value
  await announceChange(deps, eventId, categoryEventId)
  return ok(product)
}
