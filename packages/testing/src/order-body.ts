import type {
  CancelReason,
  FulfillmentStatus,
  OrderActor,
  OrderEventType,
  OrderRefundStatus,
  OrderStatus,
  PaymentStatus,
  ReturnStatus,
  ShipmentStatus,
} from '@shop/contracts/orders/states'

type TaxLineBody = { tax_rate_id: string; name: string; rate: string; amount: number }

/** What a line and shipping have on the wire. */
type PartBody = {
  subtotal: number
  discount: number
  tax: number
  total: number
  adjustments: { promotion_id: string; amount: number }[]
  tax_lines: TaxLineBody[]
}

export type ShipmentBody = {
  id: string
  order_id: string
  status: ShipmentStatus
  items: { line_id: string; quantity: number }[]
  carrier: string | null
  tracking_number: string | null
  tracking_url: string | null
  created_at: string
  updated_at: string
  shipped_at: string | null
  delivered_at: string | null
  cancelled_at: string | null
}

export type ReturnBody = {
  id: string
  order_id: string
  status: ReturnStatus
  requested_by: OrderActor['kind']
  items: {
    line_id: string
    quantity: number
    reason: string
    received_quantity: number
    restocked_quantity: number
    written_off_quantity: number
    refunded_quantity: number
  }[]
  note: string | null
  refuse_reason: string | null
  exchange_order_id: string | null
  refunded_amount: number
  currency: string
  created_at: string
  updated_at: string
  approved_at: string | null
  refused_at: string | null
  cancelled_at: string | null
  received_at: string | null
  closed_at: string | null
}

/** An order on the wire. Amounts in major units, instants in RFC 3339. */
export type OrderBody = {
  id: string
  number: number
  user_id: string | null
  email: string | null
  status: OrderStatus
  payment_status: PaymentStatus
  fulfillment_status: FulfillmentStatus
  cancel_reason: CancelReason | null
  subtotal: number
  discount_total: number
  shipping_total: number
  tax_total: number
  total_amount: number
  prices_include_tax: boolean
  adjustments: { promotion_id: string; code: string | null; name: string; type: string; amount: number }[]
  tax_lines: TaxLineBody[]
  tax_exemption: 'buyer' | 'reverse_charge' | null
  shipping:
    | (PartBody & { shipping_option_id: string; name: string; estimate: string | null; is_pickup: boolean })
    | null
  gift_card_amount: number
  amount_due: number
  captured_amount: number
  refunded_amount: number
  refund_status: OrderRefundStatus | null
  currency: string
  items: (PartBody & {
    id: string
    product_id: number
    variant_id: number
    sku: string | null
    options: Record<string, string>
    name: string
    category: string | null
    image_url: string | null
    quantity: number
    to_ship: number
    packed_quantity: number
    shipped_quantity: number
    removed_quantity: number
    refunded_quantity: number
    returning_quantity: number
    returned_quantity: number
    unit_price: number
    price: number
  })[]
  shipments: ShipmentBody[]
  returns: ReturnBody[]
  tax_provider: 'rates' | 'stripe'
  vat_id: string | null
  shipping_address: string | Record<string, string> | null
  billing_address: Record<string, string> | null
  note: string | null
  cart_id: string | null
  exchange_of: string | null
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
  data: {
    amount?: number
    payment_id?: string
    refund_id?: string
    shipment_id?: string
    return_id?: string
    reason?: string
    expires_at?: string
  }
}
