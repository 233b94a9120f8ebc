/** Bodies of the catalogue's API, as openapi.json describes them. The client checks each response against it. */
export type ProductBody = {
  id: number
  name: string
  description: string
  price: number
  currency: string
  category: string | null
  category_ids: number[]
  image_url: string | null
  stock_quantity: number
  max_per_order: number | null
  created_at: string
  updated_at: string
  version: number
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
