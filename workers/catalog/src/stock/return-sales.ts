import { ok, type Result } from '@shop/kernel/result'
import type { CatalogDeps } from '../deps.ts'

/** Reverses the sales of an order. Each unit returns to stock once, however often this runs. */
export async function returnSales(
  { stock }: Pick<CatalogDeps, 'stock'>,
  { holdId, variantIds }: { holdId: string; variantIds: number[] },
): Promise<Result<undefined, never>> {
  await Promise.all(variantIds.map((variantId) => stock.returnSale(variantId, { holdId })))
  return ok()
}
