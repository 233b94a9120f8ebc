import type { StockBelowHeld, VariantNotFound } from '@shop/contracts/catalog/failures'
import { actorIdOf, requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import type { IdempotencyKeyReused } from '@shop/kernel/idempotency'
import type { Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'
import { variantOf } from './internal/find-variant.ts'
import { type AdjustedVariant, type Adjustment, makeAdjustment } from './internal/make-adjustment.ts'

type AdjustVariantStockFailure = AccessFailure | VariantNotFound | StockBelowHeld | IdempotencyKeyReused

/** Adds or removes units of a variant. */
export async function adjustVariantStock(
  deps: Pick<CatalogDeps, 'variants' | 'stock'>,
  caller: Caller,
  { variantId, ...adjustment }: Adjustment & { variantId: number },
): Promise<Result<AdjustedVariant, AdjustVariantStockFailure>> {
  const staff = requireScope(caller, 'inventory:write')
  if (!staff.ok) return staff
  const found = await variantOf(deps, caller, variantId)
  if (!found.ok) return found
  return makeAdjustment(deps, found.value, { ...adjustment, actor: actorIdOf(staff.value) })
}
