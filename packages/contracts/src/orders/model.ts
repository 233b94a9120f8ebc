import type { CurrencyCode, OrderId, PaymentId, RefundId, UserId } from '@shop/kernel'
import { text } from '@shop/kernel'
import { z } from 'zod'

export const ORDER_STATUSES = ['pending', 'processing', 'shipped', 'delivered', 'cancelled'] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

/** Whose orders are listed: the caller's, or everybody's. */
export const ORDER_SCOPES = ['own', 'all'] as const
export type OrderScope = (typeof ORDER_SCOPES)[number]

/** `authorized`: the money is reserved and captured at shipping; `paid`: captured; then given back in part or whole. */
export const PAYMENT_STATUSES = ['unpaid', 'authorized', 'paid', 'partially_refunded', 'refunded'] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

export const CANCEL_REASONS = [
  'cancelled_by_customer',
  'cancelled_by_staff',
  'expired',
  'stock_gone',
  'authorization_lost',
] as const
export type CancelReason = (typeof CANCEL_REASONS)[number]

/** Free text or named parts; kept as it was sent. */
export const ShippingAddress = z
  .union([
    text(1, 2_000),
    z
      .record(text(1, 50), text(0, 500))
      .refine((parts) => Object.keys(parts).length <= 20, 'must have at most 20 parts'),
  ])
  .meta({
    description: 'Free text, or parts such as line1, city, postal_code, country',
    example: '1 Main St, Springfield',
  })
export type ShippingAddress = z.infer<typeof ShippingAddress>

/** Name, category, image and price are snapshots of the moment of ordering. Amounts in minor units of the order's currency. */
export type OrderLine = {
  productId: number
  variantId: number
  name: string
  category: string | null
  imageUrl: string | null
  quantity: number
  unitPrice: number
  total: number
}

export type Order = {
  id: OrderId
  /** Null for a guest, who is known by `email` and holds a token of this order. */
  userId: UserId | null
  email: string | null
  status: OrderStatus
  paymentStatus: PaymentStatus
  cancelReason: CancelReason | null
  total: number
  currency: CurrencyCode
  lines: OrderLine[]
  shippingAddress: ShippingAddress | null
  createdAt: Date
  updatedAt: Date
  /** When an unpaid order is cancelled. Its holds outlive this by a grace. */
  expiresAt: Date
  /** The payment it took (authorized or captured), once there is one. */
  paymentId: PaymentId | null
  /** Of that payment, in minor units. */
  capturedAmount: number
  refundedAmount: number
  /** True once every line of a paid order is taken out of stock. */
  stockCommitted: boolean
  /** Counts the changes; every save is conditional on it. */
  version: number
}

/**
 * What happened to an order. `seq` is the order's version after it, so an order's events are numbered without gaps.
 */
export const ORDER_EVENT_TYPES = [
  'placed',
  'authorized',
  'paid',
  'stock_committed',
  'shipped',
  'delivered',
  'cancelled',
  'refunded',
  'refund_returned',
  'extended',
  'stock_returned',
] as const
export type OrderEventType = (typeof ORDER_EVENT_TYPES)[number]

export const ORDER_ACTOR_KINDS = ['customer', 'staff', 'guest', 'system'] as const
/** Who did it: a signed-in person by id and role, the guest of the order, or the system (payments, expiry). */
export type OrderActor = { kind: 'customer' | 'staff'; userId: UserId } | { kind: 'guest' } | { kind: 'system' }

/** What else there is to say of an event. `amount` in minor units of the order's currency. */
export type OrderEventData = {
  amount?: number
  paymentId?: PaymentId
  refundId?: RefundId
  reason?: string
  /** RFC 3339. */
  expiresAt?: string
}

export type OrderEvent = {
  orderId: OrderId
  seq: number
  type: OrderEventType
  at: Date
  actor: OrderActor
  data: OrderEventData
}

/**
 * One change of an order: the order as it is afterwards, whose version is one more than that of the order it was decided
 * from, and what happened. `announce` tells payments.
 */
export type OrderChange = { order: Order; event: OrderEvent; announce: 'cancelled' | 'shipped' | null }
