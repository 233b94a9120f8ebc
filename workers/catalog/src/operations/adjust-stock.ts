import type { AdjustmentReason, ProductNotFound, StockBelowHeld } from '@shop/contracts'
import {
  type AccessFailure,
  type Caller,
  fail,
  type IdempotencyKeyReused,
  ok,
  type Result,
  requireStaff,
} from '@shop/kernel'
import type { Adjusted } from '../domain/stock/adjust.ts'
import type { CatalogDeps } from '../ports.ts'

type AdjustStock = {
  productId: number
  delta: number
  reason: AdjustmentReason
  note?: string | undefined
  idempotencyKey: string
}
type AdjustFailure = AccessFailure | ProductNotFound | StockBelowHeld | IdempotencyKeyReused

/**
 * Adds units of a product or takes some away, never those that are held.
 *
 * The ledger keeps the key for good, with the movement it made: the same request again gets that movement. Keys are
 * those of the caller and the product.
 */
export async function adjustStock(
  { products, stock }: Pick<CatalogDeps, 'products' | 'stock'>,
  caller: Caller,
  { productId, idempotencyKey, ...adjustment }: AdjustStock,
): Promise<Result<Adjusted, AdjustFailure>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const product = await products.find(productId)
  if (product === undefined) return fail({ code: 'product_not_found', productId })
  const actor = staff.value.userId
  const key = `adjust:${actor}:${idempotencyKey}`
  const adjusted = await stock.adjust(product.variantId, { ...adjustment, actor, key })
  if (adjusted.ok) return ok(adjusted.value)
  const { failure } = adjusted
  return failure.code === 'adjustment_conflict' ? fail({ code: 'idempotency_key_reused' }) : fail(failure)
}
