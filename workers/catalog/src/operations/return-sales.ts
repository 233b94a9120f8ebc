import { ok, type Result } from '@shop/kernel'
import type { CatalogDeps } from '../ports.ts'

/** Puts what an order has bought back on sale, each unit once, however often it is asked for. */
export async function returnSales(
  { stock }: Pick<CatalogDeps, 'stock'>,
  { holdId, variantIds }: { holdId: string; variantIds: number[] },
): Promise<Result<undefined, never>> {
  await Promise.all(variantIds.map((variantId) => stock.returnSale(variantId, { holdId })))
  return ok()
}
