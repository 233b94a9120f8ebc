import type {
  CancelReason,
  OrderActor,
  OrderEventType,
  OrderRefundStatus,
  OrderStatus,
  PaymentStatus,
} from '@shop/contracts/orders/states'

/** An order on the wire. Amounts in major units, instants in RFC 3339. */
export type OrderBody = {
  id: string
  user_id: string | null
  email: string | null
  status: OrderStatus
  payment_status: PaymentStatus
  cancel_reason: CancelReason | null
  total_amount: number
  captured_amount: number
  refunded_amount: number
  refund_status: OrderRefundStatus | null
  currency: string
  items: {
    id: string
    product_id: number
    variant_id: number
    sku: string | null
    options: Record<string, string>
    name: string
    category: string | null
    image_url: string | null
    quantity: number
    unit_price: number
    price: number
  }[]
  shipping_address: string | Record<string, string> | null
  created_at: string
  updated_at: string
  expires_at: string
  /** For staff only. */
  metadata?: Record<string, string>
  version: number
}

/** An event of an order on the wire. */
export type OrderEventBody = {
  seq: number
  type: OrderEventType
  at: string
  actor: { kind: OrderActor['kind']; user_id: string | null }
  data: { amount?: number; payment_id?: string; refund_id?: string; reason?: string; expires_at?: string }
}
