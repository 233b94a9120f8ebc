import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'

/** Releases the holds of an order. Units it has bought stay sold. */
export async function releaseHolds(
  { stock }: Pick<CatalogDeps, 'stock'>,
  { holdId, variantIds }: { holdId: string; variantIds: number[] },
): Promise<Result<undefined, never>> {
  await Promise.all(variantIds.map((variantId) => stock.release(variantId, { holdId })))
  return ok()
}
