import type { CurrencyCode } from '../currencies.ts'

/** A product with its one variant: what is sold, priced and stocked. */
export type Product = {
  id: number
  variantId: number
  name: string
  description: string
  category: string | null
  imageUrl: string | null
  price: number
  currency: CurrencyCode
  /** Units that can be sold now, as last projected from the stock object. Nothing decides from it. */
  available: number
  createdAt: Date
  updatedAt: Date
}

export type ProductFields = Pick<Product, 'name' | 'description' | 'category' | 'imageUrl' | 'price' | 'currency'>

/** What an order needs to know of a product at the moment it is placed. Price in minor units. */
export type Quote = { productId: number; variantId: number; name: string; price: number; currency: CurrencyCode }

/** The stock of a variant as its object sees it. `sequence` counts the changes, so that an older view never wins. */
export type StockLevel = { onHand: number; held: number; available: number; sequence: number }
