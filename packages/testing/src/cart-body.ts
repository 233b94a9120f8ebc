import type { CartStatus } from '@shop/contracts/orders/states'

/** A cart on the wire. Amounts in major units, instants in RFC 3339. */
export type CartBody = {
  id: string
  version: number
  status: CartStatus
  currency: string
  items: {
    id: string
    variant_id: number
    product_id: number
    name: string
    quantity: number
    unit_price: number | null
    total: number
  }[]
  subtotal: number
  discount_total: number
  shipping_total: number
  tax_total: number
  total_amount: number
  shipping: { shipping_option_id: string; total: number } | null
  codes: string[]
  email: string | null
  note: string | null
  shipping_options: { id: string; name: string; price: number }[]
  messages: { code: string; item_id?: string; from?: number; to?: number; promotion_code?: string; reason?: string }[]
  created_at: string
  updated_at: string
  expires_at: string
}
