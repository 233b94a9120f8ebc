import type { CurrencyCode } from '@shop/kernel/currencies'

/** A product with its one variant: what is sold, priced and stocked. `price` is in minor units. */
export type Product = {
  id: number
  variantId: number
  name: string
  description: string
  category: string | null
  imageUrl: string | null
  price: number
  currency: CurrencyCode
  /** Units available for sale as last projected from the stock object. For display only; nothing decides from it. */
  available: number
  /** The sequence of the level that `available` is from; 0 for the opening stock. */
  stockSequence: number
  /** Stock is low when this many units or fewer are available; null disables the check. Shown to staff. */
  lowStockThreshold: number | null
  /** The most units that one order may have; null for any number. */
  maxPerOrder: number | null
  createdAt: Date
  updatedAt: Date
  /** Counts the changes of its fields by staff. Neither a sale nor a change of its stock counts. */
  version: number
}

/** The fields that staff edit. */
export type ProductFields = Pick<
  Product,
  'name' | 'description' | 'category' | 'imageUrl' | 'price' | 'currency' | 'lowStockThreshold' | 'maxPerOrder'
>
