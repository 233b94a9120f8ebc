import { z } from 'zod'
import type { CurrencyCode } from '../currencies.ts'
import type { OrderId, PaymentId, UserId } from '../ids.ts'
import { text } from '../text.ts'

export const ORDER_STATUSES = ['pending', 'processing', 'shipped', 'delivered', 'cancelled'] as const
export type OrderStatus = (typeof ORDER_STATUSES)[number]

export const PAYMENT_STATUSES = ['unpaid', 'paid', 'refunded'] as const
export type PaymentStatus = (typeof PAYMENT_STATUSES)[number]

export const CANCEL_REASONS = ['cancelled_by_customer', 'cancelled_by_staff', 'expired', 'stock_gone'] as const
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

/** Name and price are snapshots of the moment of ordering. Amounts in minor units of the order's currency. */
export type OrderLine = {
  productId: number
  variantId: number
  name: string
  quantity: number
  unitPrice: number
  total: number
}

export type Order = {
  id: OrderId
  userId: UserId
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
  /** The captured payment, once there is one. */
  paymentId: PaymentId | null
  /** True once every line of a paid order is taken out of stock. */
  stockCommitted: boolean
  /** Counts the changes; every save is conditional on it. */
  version: number
}

/** Where a signed-in caller's idempotency key lives: keys of other callers and operations never meet. */
export type IdempotencyKey = { scope: string; key: string; requestHash: string }
