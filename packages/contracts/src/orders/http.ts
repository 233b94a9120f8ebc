import { z } from 'zod'
import { CatalogId, opaqueId } from '../ids.ts'
import { Amount } from '../money.ts'
import { CursorParam, LimitParam, NextCursor } from '../pagination.ts'
import { Instant } from '../text.ts'
import { CANCEL_REASONS, ORDER_STATUSES, PAYMENT_STATUSES, ShippingAddress } from './model.ts'

export const MAX_ORDER_LINES = 100
export const ORDER_ID_EXAMPLE = 'order_01jd4k2v9rf0fv8z3x1m5q7w2e'

export const PlaceOrderBody = z
  .strictObject({
    items: z
      .array(z.strictObject({ product_id: CatalogId, quantity: z.int().min(1).max(1_000_000).meta({ example: 1 }) }))
      .min(1)
      .max(MAX_ORDER_LINES)
      .meta({ description: 'The same product on two lines counts together against the stock' }),
    shipping_address: ShippingAddress.nullable().optional(),
  })
  .meta({ id: 'PlaceOrderRequest' })

/** The Idempotency-Key header, as in draft-ietf-httpapi-idempotency-key-header: printable ASCII, quotes optional. */
export const IdempotencyKeyHeader = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 printable ASCII characters without spaces')
  .meta({ description: 'The same key with the same body gives the first answer again', example: 'order-7f3c2a' })

export const OrderView = z
  .strictObject({
    id: opaqueId(ORDER_ID_EXAMPLE),
    user_id: opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e'),
    status: z.enum(ORDER_STATUSES).meta({ example: 'pending' }),
    payment_status: z.enum(PAYMENT_STATUSES).meta({ example: 'unpaid' }),
    cancel_reason: z.enum(CANCEL_REASONS).nullable().meta({ example: null }),
    total_amount: Amount,
    currency: z.string().meta({ example: 'USD' }),
    items: z.array(
      z.strictObject({
        product_id: CatalogId,
        name: z.string().meta({ example: 'Aeropress coffee maker' }),
        quantity: z.int().meta({ example: 1 }),
        price: Amount.meta({ description: 'Price of one unit when it was ordered, in major units', example: 1299.99 }),
      }),
    ),
    shipping_address: ShippingAddress.nullable(),
    created_at: Instant,
    updated_at: Instant,
    expires_at: Instant.meta({ description: 'When the order is cancelled if it is not paid' }),
  })
  .meta({ id: 'Order' })
export type OrderView = z.infer<typeof OrderView>

export const OrderResponse = z.strictObject({ order: OrderView }).meta({ id: 'OrderResponse' })
export const OrderWithMessage = z
  .strictObject({ order: OrderView, message: z.string().meta({ example: 'Order placed' }) })
  .meta({ id: 'OrderWithMessage' })
export const ListOrdersQuery = z.object({ limit: LimitParam, cursor: CursorParam })
export const OrderPage = z
  .strictObject({ orders: z.array(OrderView), next_cursor: NextCursor })
  .meta({ id: 'OrderPage' })
export const ChangeStatusBody = z
  .strictObject({ status: z.enum(ORDER_STATUSES).meta({ example: 'cancelled' }) })
  .meta({ id: 'ChangeOrderStatusRequest' })
