import type { CreateProductBody, Product } from '@shop/contracts'
import { type AccessFailure, type Caller, ok, type Result, requireStaff } from '@shop/kernel'
import { newProduct } from '../domain/new-product.ts'
import type { InvalidPrice } from '../domain/price.ts'
import type { CatalogDeps } from '../ports.ts'
import { announceChange, newAnnouncement } from './announce-change.ts'
import { openStock } from './open-stock.ts'
import { watchStock } from './watch-stock.ts'

type CreateDeps = Pick<
  CatalogDeps,
  'products' | 'openings' | 'watches' | 'stock' | 'answers' | 'changes' | 'later' | 'now' | 'newKey' | 'warn'
>

/**
 * Adds a product and its opening stock. That is durable before it is answered: should the stock object not answer now,
 * the sweep tells it later, and the product is listed with its opening stock until then.
 */
export async function createProduct(
  deps: CreateDeps,
  caller: Caller,
  draft: CreateProductBody,
): Promise<Result<Product, AccessFailure | InvalidPrice>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const decided = newProduct(draft)
  if (!decided.ok) return decided
  const now = deps.now()
  const change = newAnnouncement(deps, now)
  const product = await deps.products.insert({ ...decided.value, createdAt: now, change })
  const [available] = await Promise.all([
    openedStock(deps, product, now),
    announceChange(deps, { key: change.key, now }),
    product.lowStockThreshold !== null && watchStock(deps, { variantId: product.variantId, key: change.key, now }),
  ])
  return ok({ ...product, available })
}

async function openedStock(deps: CreateDeps, { variantId, available }: Product, now: Date): Promise<number> {
  if (available === 0) return 0
  try {
    const opening = { variantId, quantity: available, key: `opening:${variantId}` }
    const level = await openStock(deps, opening)
    await deps.openings.confirmOf({ variantId, now })
    return level?.available ?? available
  } catch (error) {
    deps.warn('opening_stock_postponed', { variantId, error })
    return available
  }
}
