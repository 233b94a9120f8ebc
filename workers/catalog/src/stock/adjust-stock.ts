import type { ProductNotFound, StockBelowHeld, VariantRequired } from '@shop/contracts/catalog/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { IdempotencyKeyReused } from '@shop/kernel/idempotency'
import type { Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { onlyVariantOf } from './internal/find-variant.ts'
import { type AdjustedVariant, type Adjustment, makeAdjustment } from './internal/make-adjustment.ts'

type AdjustStockFailure = AccessFailure | ProductNotFound | VariantRequired | StockBelowHeld | IdempotencyKeyReused

/** Adds or removes units of a product with one variant. */
export async function adjustStock(
  deps: Pick<CatalogDeps, 'variants' | 'stock'>,
  caller: Caller,
  { productId, ...adjustment }: Adjustment & { productId: number },
): Promise<Result<AdjustedVariant, AdjustStockFailure>> {
  const staff = requireScope(caller, 'inventory:write')
  if (!staff.ok) return staff
  const found = await onlyVariantOf(deps, caller, productId)
  if (!found.ok) return found
  return makeAdjustment(deps, found.value, { ...adjustment, actor: actorIdOf(staff.value) })
}
