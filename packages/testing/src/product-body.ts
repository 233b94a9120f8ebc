import type { ProblemView } from '@shop/http/problems'
/** Bodies of the catalogue's API, as openapi.json describes them. The client checks each response against it. */
export type ProductBody = {
  id: number
  name: string
  slug: string
  description: string
  status: 'active' | 'draft' | 'archived'
  price: number
  price_range: { min: number; max: number }
  currency: string
  category: string | null
  category_ids: number[]
  brand: string | null
  type: 'physical' | 'digital' | 'gift_card'
  tags: string[]
  tax_category: string | null
  shipping_class: string | null
  attributes: Record<string, string | number | boolean | string[]>
  seo: { title?: string; description?: string }
  image_url: string | null
  options: { name: string; values: string[] }[]
  variants: VariantBody[]
  stock_quantity: number
  in_stock: boolean
  max_per_order: number | null
  /** For staff. */
  translations?: Record<string, { name?: string; description?: string; seo?: { title?: string; description?: string } }>
  metadata?: Record<string, string>
  archived_at?: string | null
  created_at: string
  updated_at: string
  version: number
}

export type VariantBody = {
  id: number
  sku: string | null
  barcode: string | null
  options: Record<string, string>
  price: number
  compare_at_price: number | null
  currency: string
  currencies: string[]
  weight_grams: number | null
  stock_quantity: number
  in_stock: boolean
  inventory_policy: 'deny' | 'continue'
  /** For staff. */
  low_stock_threshold?: number | null
  current_price?: number
  prices?: PriceBody[]
  metadata?: Record<string, string>
}

/** The id of the first variant, or of the only one. Ids of variants and products are numbered apart. */
export function variantIdOf({ id, variants: [variant] }: ProductBody): number {
  if (variant === undefined) throw new Error(`Product ${id} has no variant`)
  return variant.id
}

export type PriceBody = {
  currency: string
  amount: number
  compare_at_price: number | null
  starts_at: string | null
  ends_at: string | null
}

export type InventoryBody = {
  product_id: number
  variant_id: number
  sku: string | null
  available: number
  in_stock: boolean
  inventory_policy: 'deny' | 'continue'
  on_hand?: number
  held?: number
  low_stock_threshold?: number | null
}

export type MovementBody = {
  key: string
  reason: 'receive' | 'correct' | 'damage' | 'return' | 'opening' | 'set' | 'commit' | 'undo'
  delta: number
  on_hand: number
  note: string | null
  actor: string | null
  created_at: string
}

export type StockDifferenceBody = {
  fault: 'listing' | 'lost' | 'books'
  listed: number
  inventory: InventoryBody
  movements_total: number
  holds_total: number
  repaired: boolean
}

/** What became of a product of a bulk call: it has a product or a problem. */
export type BulkResultBody = { index: number; status: number; product: ProductBody; problem?: ProblemView }
