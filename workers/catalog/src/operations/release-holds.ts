import { ok, type Result } from '@shop/kernel'
import type { CatalogDeps } from '../ports.ts'

/** Frees what an order holds. What it has bought stays sold. */
export async function releaseHolds(
  { stock }: Pick<CatalogDeps, 'stock'>,
  { holdId, variantIds }: { holdId: string; variantIds: number[] },
): Promise<Result<undefined, never>> {
  await Promise.all(variantIds.map((variantId) => stock.release(variantId, { holdId })))
  return ok()
}
