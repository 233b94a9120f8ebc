import type { StockTerms } from '@shop/contracts/catalog/rpc'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { NewSlug } from '../../slugs/domain/slug.ts'

/** A product with its one variant: what is sold, priced and stocked. `price` is in minor units. */
export type Product = {
  id: number
  variantId: number
  name: string
  description: string
  /** The name of its primary category. */
  category: string | null
  /** The categories that staff gave it, the primary one first. It is also in those above them. */
  categoryIds: number[]
  imageUrl: string | null
  price: number
  currency: CurrencyCode
  /** Units available for sale as last projected from the stock object. For display only; nothing decides from it. */
  available: number
  /** What calls of its stock object carry. */
  terms: StockTerms
  /** Stock is low when this many units or fewer are available; null disables the check. Shown to staff. */
  lowStockThreshold: number | null
  /** The most units that one order may have; null for any number. */
  maxPerOrder: number | null
  createdAt: Date
  updatedAt: Date
  /** Counts the changes of its fields by staff. Neither a sale nor a change of its stock counts. */
  version: number
}

/** The categories that a product is to have, the primary one first. */
export type CategoryAssignment = {
  /** The primary category by its name, to be made if there is none. Without it the first id is the primary one. */
  named: { name: string; slug: NewSlug } | undefined
  /** Those after it, which have to exist. */
  ids: readonly number[]
  /** Those after them, which the product has already; one that was deleted meanwhile is left out. */
  keptIds: readonly number[]
}

export const NO_CATEGORIES: CategoryAssignment = { named: undefined, ids: [], keptIds: [] }

/** The fields that staff edit. */
export type ProductFields = Pick<
  Product,
  'name' | 'description' | 'imageUrl' | 'price' | 'currency' | 'lowStockThreshold' | 'maxPerOrder'
> & { categories: CategoryAssignment }
