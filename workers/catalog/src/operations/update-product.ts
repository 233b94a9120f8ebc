import type { Product, ProductNotFound, StockBelowHeld, StockLevel, UpdateProductBody } from '@shop/contracts'
import { type AccessFailure, type Caller, fail, ok, type Result, requireStaff, Unavailable } from '@shop/kernel'
import type { InvalidPrice } from '../domain/price.ts'
import { changedFields } from '../domain/product-changes.ts'
import type { CatalogDeps } from '../ports.ts'
import { announceChange, newAnnouncement } from './announce-change.ts'
import { watchStock } from './watch-stock.ts'

type UpdateDeps = Pick<
  CatalogDeps,
  'products' | 'watches' | 'stock' | 'answers' | 'changes' | 'later' | 'now' | 'newKey' | 'warn'
>
type UpdateFailure = AccessFailure | ProductNotFound | InvalidPrice | StockBelowHeld

/** How often a change is decided again because somebody else changed the price in between. */
const ATTEMPTS = 5

/**
 * Changes the fields that are given. Stock is set first, since only its object can refuse it: a refusal changes nothing
 * at all. The product that is answered shows the stock as the object has it.
 */
export async function updateProduct(
  deps: UpdateDeps,
  caller: Caller,
  { id, changes }: { id: number; changes: UpdateProductBody },
): Promise<Result<Product, UpdateFailure>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const now = deps.now()
  const change = newAnnouncement(deps, now)
  let stock: StockLevel | undefined
  for (let attempt = 0; attempt < ATTEMPTS; attempt += 1) {
    const product = await deps.products.find(id)
    if (product === undefined) return fail({ code: 'product_not_found', productId: id })
    const fields = changedFields(product, changes)
    if (!fields.ok) return fields
    if (Object.values(changes).every((change) => change === undefined)) return ok(product)
    if (changes.stock_quantity !== undefined && stock === undefined) {
      const actor = staff.value.userId
      const level = await setStock(deps, product.variantId, { onHand: changes.stock_quantity, actor })
      if (!level.ok) return level
      stock = level.value
    }
    const update = { id, fields: fields.value, decidedFrom: product, stock, updatedAt: now, change }
    const saved = await deps.products.update(update)
    if (saved === undefined) continue
    await Promise.all([
      announceChange(deps, { key: change.key, now }),
      changes.low_stock_threshold !== undefined &&
        watchStock(deps, { variantId: product.variantId, key: change.key, now }),
    ])
    return ok({ ...saved, available: stock?.available ?? saved.available })
  }
  throw new Unavailable('catalog')
}

async function setStock(
  { stock, newKey }: Pick<UpdateDeps, 'stock' | 'newKey'>,
  variantId: number,
  request: { onHand: number; actor: string },
): Promise<Result<StockLevel, StockBelowHeld>> {
  const level = await stock.setOnHand(variantId, { ...request, key: `set:${newKey()}` })
  if (level.ok) return level
  if (level.failure.code === 'stock_below_held') return fail(level.failure)
  throw new Error('A fresh adjustment key was used before')
}
