import type { StockTerms } from '@shop/contracts/catalog/rpc'
import { variants } from '@shop/db/schema/catalog'

/** Statement part: the columns of a variant's {@link StockTerms}. */
export const TERMS = {
  openingStock: variants.openingStock,
  sequence: variants.stockSequence,
  threshold: variants.lowStockThreshold,
  thresholdVersion: variants.lowStockVersion,
  policy: variants.inventoryPolicy,
} satisfies Record<keyof StockTerms, unknown>
