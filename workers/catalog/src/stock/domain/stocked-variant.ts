import type { StockTerms } from '@shop/contracts/catalog/rpc'

/** A variant that is not deleted, with the terms of its stock. */
export type StockedVariant = {
  id: number
  productId: number
  /** Its product is a draft: only staff know of it. */
  isDraft: boolean
  sku: string | null
  /** One value for each option of the product, by the option's name. */
  options: Record<string, string>
  terms: StockTerms
}
