import {
  type CurrencyCode,
  currency,
  isId,
  type Order,
  type OrderLine,
  type PaymentId,
  type ShippingAddress,
} from '@shop/contracts'
import { sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { orderLines, orders } from '../../schema/orders.ts'

/** The lines of the order at hand, in their order, as one JSON value: an order is read by one query. */
const linesOfOrder = sql<OrderLine[] | null>`(
  select json_agg(json_build_object(
    'productId', line.product_id, 'variantId', line.variant_id, 'name', line.name,
    'quantity', line.quantity, 'unitPrice', line.unit_price, 'total', line.total
  ) order by line.position)
  from ${orderLines} line where line.order_id = ${orders}.id
)`

/** The start of every query that reads orders. */
export const selectOrders = (db: Db) => db.select({ order: orders, lines: linesOfOrder }).from(orders)

type OrderRow = { order: typeof orders.$inferSelect; lines: OrderLine[] | null }

export function toOrder({ order, lines }: OrderRow): Order {
  if (!isId('order', order.id) || !isId('user', order.userId)) throw new Error(`Malformed ids in order ${order.id}`)
  return {
    id: order.id,
    userId: order.userId,
    status: order.status,
    paymentStatus: order.paymentStatus,
    cancelReason: order.cancelReason,
    total: order.total,
    currency: currency(order.currency) satisfies CurrencyCode,
    lines: lines ?? [],
    // Only what PlaceOrderBody has checked is ever written to this column.
    shippingAddress: order.shippingAddress as ShippingAddress | null,
    createdAt: order.createdAt,
    updatedAt: order.updatedAt,
    expiresAt: order.expiresAt,
    // Only applyCapture writes this column, with a payment's id.
    paymentId: order.paymentId as PaymentId | null,
    stockCommitted: order.stockCommitted,
    version: order.version,
  }
}
