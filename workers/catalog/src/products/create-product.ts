import { type AccessFailure, type Caller, ok, type Result, requireStaff } from '@shop/kernel'
import { announceChange } from '../caching/announce-change.ts'
import { newAnnouncement } from '../caching/domain/announcement.ts'
import type { CatalogDeps } from '../deps.ts'
import { applyThreshold } from '../stock/apply-threshold.ts'
import { openStock } from '../stock/open-stock.ts'
import { newProduct, type ProductDraft } from './domain/new-product.ts'
import type { InvalidPrice } from './domain/price.ts'
import type { Product } from './domain/product.ts'

type CreateDeps = Pick<
  CatalogDeps,
  'products' | 'openings' | 'thresholds' | 'stock' | 'answers' | 'changes' | 'later' | 'now' | 'newKey' | 'warn'
>

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
  const now = deps.now()
  const change = newAnnouncement(deps.newKey(), now)
  const product = await deps.products.insert({ ...decided.value, createdAt: now, change })
  const { variantId } = product
  const [level] = await Promise.all([
    product.available > 0 ? openStock(deps, { variantId, quantity: product.available, now }) : undefined,
    announceChange(deps, { key: change.key, now }),
    product.lowStockThreshold !== null && applyThreshold(deps, { variantId, key: change.key, now }),
  ])
  return ok({ ...product, available: level?.available ?? product.available })
}
