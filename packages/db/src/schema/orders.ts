import { CANCEL_REASONS, ORDER_STATUSES, PAYMENT_STATUSES } from '@shop/contracts'
import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, jsonb, pgSchema, primaryKey, text } from 'drizzle-orm/pg-core'
import { currencyCode, instant, minorUnits } from './columns.ts'
import { outboxTable } from './outbox.ts'

export const ordersSchema = pgSchema('orders')

export const orders = ordersSchema.table(
  'orders',
  {
    id: text('id').primaryKey(),
    userId: text('user_id').notNull(),
    status: text('status', { enum: ORDER_STATUSES }).notNull(),
    paymentStatus: text('payment_status', { enum: PAYMENT_STATUSES }).notNull(),
    cancelReason: text('cancel_reason', { enum: CANCEL_REASONS }),
    total: minorUnits('total').notNull(),
    currency: currencyCode('currency').notNull(),
    shippingAddress: jsonb('shipping_address'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    stockCommitted: boolean('stock_committed').notNull().default(false),
    /** The captured payment, once there is one: the same capture told twice is known by it. */
    paymentId: text('payment_id'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('orders_of_user').on(table.userId, table.createdAt, table.id),
    index('orders_newest').on(table.createdAt, table.id),
    index('orders_expiring').on(table.expiresAt).where(sql`status = 'pending'`),
    check('orders_total', sql`${table.total} between 0 and 99999999`),
    check('orders_status', sql`${table.status} in ('pending', 'processing', 'shipped', 'delivered', 'cancelled')`),
    check('orders_payment_status', sql`${table.paymentStatus} in ('unpaid', 'paid', 'refunded')`),
    check('orders_cancel_reason', sql`(${table.status} = 'cancelled') = (${table.cancelReason} is not null)`),
    check(
      'orders_paid_before_processing',
      sql`${table.status} in ('pending', 'cancelled') or ${table.paymentStatus} <> 'unpaid'`,
    ),
  ],
)

export const orderLines = ordersSchema.table(
  'order_lines',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    position: integer('position').notNull(),
    productId: bigint('product_id', { mode: 'number' }).notNull(),
    variantId: bigint('variant_id', { mode: 'number' }).notNull(),
    name: text('name').notNull(),
    quantity: integer('quantity').notNull(),
    unitPrice: minorUnits('unit_price').notNull(),
    total: minorUnits('total').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.position] }),
    check('order_lines_quantity', sql`${table.quantity} >= 1`),
    check('order_lines_total', sql`${table.total} = ${table.unitPrice} * ${table.quantity}`),
  ],
)

/**
 * Who is working on a key, and what came of it. A row without an order is a claim; one whose time is over may be taken
 * over, and only the holder of the claim can attach its order.
 */
export const idempotencyKeys = ordersSchema.table(
  'idempotency_keys',
  {
    scope: text('scope').notNull(),
    key: text('key').notNull(),
    requestHash: text('request_hash').notNull(),
    claim: text('claim').notNull(),
    claimedUntil: instant('claimed_until').notNull(),
    orderId: text('order_id').references(() => orders.id),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [primaryKey({ columns: [table.scope, table.key] }), index('idempotency_keys_age').on(table.createdAt)],
)

export const ordersOutbox = outboxTable(ordersSchema)
