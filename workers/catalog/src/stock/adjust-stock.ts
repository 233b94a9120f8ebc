import type { ProductNotFound, StockBelowHeld, VariantRequired } from '@shop/contracts/catalog/failures'
import { type AccessFailure, type Caller, requireStaff } from '@shop/kernel/caller'
import type { IdempotencyKeyReused } from '@shop/kernel/idempotency'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { findSoldVariant } from '../products/find-sold-variant.ts'
import type { Adjusted, AdjustRequest } from './domain/adjust.ts'

type AdjustStock = Pick<AdjustRequest, 'delta' | 'reason' | 'note'> & { productId: number; idempotencyKey: string }
type AdjustStockFailure = AccessFailure | ProductNotFound | VariantRequired | StockBelowHeld | IdempotencyKeyReused

/**
 * Adds or removes units of a product, never below what is held.
 *
 * The ledger keeps the idempotency key for good, with its movement: repeating the request returns that movement. Keys are
 * per caller and product.
 */
export async function adjustStock(
  { products, stock }: Pick<CatalogDeps, 'products' | 'stock'>,
  caller: Caller,
  { productId, idempotencyKey, ...adjustment }: AdjustStock,
): Promise<Result<Adjusted, AdjustStockFailure>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const variant = await findSoldVariant({ products }, caller, productId)
  if (!variant.ok) return variant
  const actor = staff.value.userId
  const key = `adjust:${actor}:${idempotencyKey}`
  const adjusted = await stock.adjust(variant.value.id, { ...adjustment, actor, key })
  if (adjusted.ok) return ok(adjusted.value)
  const { failure } = adjusted
  return failure.code === 'adjustment_conflict' ? fail({ code: 'idempotency_key_reused' }) : fail(failure)
}
