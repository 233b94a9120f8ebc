import type { ProductNotFound, StockBelowHeld } from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import { Unavailable } from '@shop/kernel/unavailable'
import { invalidateAnswers } from '../caching/invalidate-answers.ts'
import type { CatalogDeps } from '../deps.ts'
import { deliverNow } from '../events/deliver-now.ts'
import type { StockLevel } from '../stock/domain/level.ts'
import { setThreshold } from '../stock/set-threshold.ts'
import type { InvalidPrice } from './domain/price.ts'
import type { Product } from './domain/product.ts'
import { changedFields, isEmpty, type ProductChanges } from './domain/product-changes.ts'
import type { SavedProduct } from './repository/index.ts'

type UpdateDeps = Pick<CatalogDeps, 'products' | 'stock' | 'answers' | 'events' | 'later' | 'now' | 'newKey' | 'warn'>
type UpdateFailure = AccessFailure | ProductNotFound | InvalidPrice | StockBelowHeld

/** How often an update is decided again because another writer changed the price meanwhile. */
const ATTEMPTS = 5

/**
 * Changes the given fields. Stock is set first, since only its object can refuse it: after a refusal nothing has changed.
 * The answer shows the stock as the object has it.
 */
export async function updateProduct(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes }: { id: number; changes: ProductChanges },
): Promise<Result<Product, UpdateFailure>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const updatedAt = deps.now()
  let stock: StockLevel | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const product = await deps.products.find(id)
    if (product === undefined) return fail({ code: 'product_not_found', productId: id })
    const fields = changedFields(product, changes)
    if (!fields.ok) return fields
    if (isEmpty(changes)) return ok(product)
    if (changes.onHand !== undefined && stock === undefined) {
      const level = await setStock(deps, product, { onHand: changes.onHand, actor: staff.value.userId })
      if (!level.ok) return level
      stock = level.value
    }
    const update = { id, fields: fields.value, decidedFrom: product, stock, updatedAt }
    const saved = await deps.products.update(update)
    if (saved === undefined) continue
    await announce(deps, saved)
    return ok({ ...saved.product, available: stock?.available ?? saved.product.available })
  }
  throw new Unavailable('catalog')
}

async function announce(deps: UpdateDeps, { product, eventId, threshold, thresholdEventId }: SavedProduct) {
  await Promise.all([
    deliverNow(deps, { consumer: 'catalog_cache', eventId }, () => invalidateAnswers(deps)),
    thresholdEventId === undefined
      ? undefined
      : deliverNow(deps, { consumer: 'catalog_stock', eventId: thresholdEventId }, () =>
          setThreshold(deps, product.variantId, threshold),
        ),
  ])
}

async function setStock(
  { stock, newKey }: Pick<UpdateDeps, 'stock' | 'newKey'>,
  { variantId }: Product,
  request: { onHand: number; actor: string },
): Promise<Result<StockLevel, StockBelowHeld>> {
  const level = await stock.setOnHand(variantId, { ...request, key: `set:${newKey()}` })
  if (level.ok) return level
  if (level.failure.code === 'stock_below_held') return fail(level.failure)
  throw new Error('A fresh adjustment key was used before')
}
