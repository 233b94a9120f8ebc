import { Amount, CatalogId, CursorParam, Email, Instant, LimitParam, NextCursor, opaqueId } from '@shop/kernel'
import { z } from 'zod'
import {
  CANCEL_REASONS,
  ORDER_ACTOR_KINDS,
  ORDER_EVENT_TYPES,
  ORDER_SCOPES,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
  ShippingAddress,
} from './model.ts'

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
    email: Email.optional().meta({
      description: 'Where to reach whoever orders. Takes the place of an account: without one it is required',
      example: 'guest@example.com',
    }),
  })
  .meta({ id: 'PlaceOrderRequest' })

const ORDER_TOKEN_EXAMPLE = 'v1.q83vEjRWeJC8_kQ0'

/** The header that shows a guest's right to his order; an account's order has no token. */
export const ORDER_TOKEN_HEADER = 'x-order-token'

/** Any text passes: a wrong token reads as an order that is not there. */
export const OrderTokenHeader = z
  .string()
  .optional()
  .meta({ description: '`order_token` of the answer to the order of a guest', example: ORDER_TOKEN_EXAMPLE })

const UserIdView = opaqueId('user_01jd4k2v9rf0fv8z3x1m5q7w2e').nullable()

export const OrderView = z
  .strictObject({
    id: opaqueId(ORDER_ID_EXAMPLE),
    user_id: UserIdView.meta({ description: 'Null for the order of a guest' }),
    email: z.string().nullable().meta({ example: null }),
    status: z.enum(ORDER_STATUSES).meta({ example: 'pending' }),
    payment_status: z.enum(PAYMENT_STATUSES).meta({ example: 'unpaid' }),
    cancel_reason: z.enum(CANCEL_REASONS).nullable().meta({ example: null }),
    total_amount: Amount,
    captured_amount: Amount.meta({ description: 'What was taken, in major units', example: 0 }),
    refunded_amount: Amount.meta({ description: 'What of it was given back, in major units', example: 0 }),
    currency: z.string().meta({ example: 'USD' }),
    items: z.array(
      z.strictObject({
        product_id: CatalogId,
        name: z.string().meta({ example: 'Aeropress coffee maker' }),
        category: z.string().nullable().meta({ example: 'kitchen' }),
        image_url: z.string().nullable().meta({ example: 'https://images.example.com/aeropress.jpg' }),
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
export const PlacedOrder = z
  .strictObject({
    order: OrderView,
    order_token: z.string().optional().meta({
      description: 'For guests only: send it as `X-Order-Token` to see, pay or cancel the order',
      example: ORDER_TOKEN_EXAMPLE,
    }),
    message: z.string().meta({ example: 'Order placed' }),
  })
  .meta({ id: 'PlacedOrder' })
export const ListOrdersQuery = z.object({
  scope: z.enum(ORDER_SCOPES).default('own').meta({
    description: "`all`, for staff only: everybody's orders, guests' too",
    example: 'own',
  }),
  status: z.enum(ORDER_STATUSES).optional().meta({ description: 'Only orders that are so now', example: 'processing' }),
  limit: LimitParam,
  cursor: CursorParam,
})
export const OrderPage = z
  .strictObject({ orders: z.array(OrderView), next_cursor: NextCursor })
  .meta({ id: 'OrderPage' })
export const ChangeStatusBody = z
  .strictObject({ status: z.enum(ORDER_STATUSES).meta({ example: 'cancelled' }) })
  .meta({ id: 'ChangeOrderStatusRequest' })

export const OrderEventView = z
  .strictObject({
    seq: z.int().meta({ description: "Counts the order's changes from 1, without gaps", example: 2 }),
    type: z.enum(ORDER_EVENT_TYPES).meta({ example: 'paid' }),
    at: Instant,
    actor: z.strictObject({
      kind: z.enum(ORDER_ACTOR_KINDS).meta({ example: 'system' }),
      user_id: UserIdView.meta({ description: 'Of staff, for staff only', example: null }),
    }),
    data: z
      .strictObject({
        amount: Amount.optional(),
        payment_id: opaqueId('pay_01jd4k2v9rf0fv8z3x1m5q7w2e').optional(),
        refund_id: opaqueId('refund_01jd4k2v9rf0fv8z3x1m5q7w2e').optional(),
        reason: z.string().optional().meta({ example: 'expired' }),
        expires_at: Instant.optional(),
      })
      .meta({ description: 'What else there is to say of it' }),
  })
  .meta({ id: 'OrderEvent' })
export type OrderEventView = z.infer<typeof OrderEventView>
export const OrderEvents = z.strictObject({ events: z.array(OrderEventView) }).meta({ id: 'OrderEvents' })
