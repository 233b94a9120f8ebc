import type { VariantRequired } from '@shop/contracts/catalog/failures'
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

/** Names the variants of a product to a caller who named only the product. */
export function variantRequired(productId: number, variants: StockedVariant[]): VariantRequired {
  return {
    code: 'variant_required',
    productId,
    variants: variants.map(({ id, sku, options }) => ({ id, sku, options })),
  }
}
