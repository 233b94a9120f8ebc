import type { HoldGone } from '@shop/contracts/catalog/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'

/** Extends `expiresAt` of holds. If some are gone, the others are extended all the same. */
export async function extendHolds(
  { stock }: Pick<CatalogDeps, 'stock'>,
  { holdId, variantIds, expiresAt }: { holdId: string; variantIds: number[]; expiresAt: Date },
): Promise<Result<undefined, HoldGone>> {
  const extended = await Promise.all(variantIds.map((variantId) => stock.extend(variantId, { holdId, expiresAt })))
  return extended.find((one) => !one.ok) ?? ok()
}
