import type { StockTerms } from '@shop/contracts/catalog/rpc'
import type { CatalogDeps } from '../../deps.ts'

/** Those of a variant that nobody knows: there is nothing to sell. */
export const NO_STOCK: StockTerms = {
  openingStock: 0,
  sequence: 0,
  threshold: null,
  thresholdVersion: 0,
  policy: 'deny',
}

/** The terms of the variants of each order, all read at once. */
export async function termsOfEach(
  { variants }: Pick<CatalogDeps, 'variants'>,
  variantIds: number[][],
): Promise<StockTerms[][]> {
  const known = await variants.terms(variantIds.flat())
  return variantIds.map((ofOrder) => ofOrder.map((id) => known.get(id) ?? NO_STOCK))
}
