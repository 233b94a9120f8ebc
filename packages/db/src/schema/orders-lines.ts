import { REFUND_ORIGINS, SHIPMENT_STATUSES, STOCK_ADJUSTMENT_KINDS } from '@shop/contracts/orders/states'
import { sql } from 'drizzle-orm'
import { bigint, boolean, check, index, integer, jsonb, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { instant, minorUnits } from './columns.ts'
import { orders, ordersSchema } from './orders.ts'

/** What was ordered, and what became of its units. The others are still to ship. */
export const orderLines = ordersSchema.table(
  'order_lines',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    position: integer('position').notNull(),
    productId: bigint('product_id', { mode: 'number' }).notNull(),
    variantId: bigint('variant_id', { mode: 'number' }).notNull(),
    /** As they were when it was ordered, like all that follows. */
    sku: text('sku'),
    options: jsonb('options').$type<Record<string, string>>().notNull(),
    name: text('name').notNull(),
    category: text('category'),
    /** Whether its units are gift cards, which are mailed when the order is paid. */
    isGiftCard: boolean('is_gift_card').notNull().default(false),
    giftCardsIssued: boolean('gift_cards_issued').notNull().default(false),
    imageUrl: text('image_url'),
    quantity: integer('quantity').notNull(),
    unitPrice: minorUnits('unit_price').notNull(),
    subtotal: minorUnits('subtotal').notNull(),
    discount: minorUnits('discount').notNull(),
    tax: minorUnits('tax').notNull(),
    /** Less the discount, and with the tax where prices do not include it. */
    total: minorUnits('total').notNull(),
    adjustments: jsonb('adjustments'),
    taxLines: jsonb('tax_lines'),
    /** The id that its stock is held under: that of the edit that added the line. Null for original lines: the order's id. */
    holdId: text('hold_id'),
    /** Units in shipments that have not left, and in those that have. */
    packed: integer('packed').notNull().default(0),
    shipped: integer('shipped').notNull().default(0),
    /** Units that were refunded before they shipped, so they never do. */
    removed: integer('removed').notNull().default(0),
    /** Units that were refunded by line, and what was refunded for them. */
    refunded: integer('refunded').notNull().default(0),
    refundedAmount: minorUnits('refunded_amount').notNull().default(0),
    /** Shipped units that open returns expect, and units that returns have received. */
    returning: integer('returning').notNull().default(0),
    returned: integer('returned').notNull().default(0),
  },
  (table) => [
    unique('order_lines_of_order').on(table.orderId, table.position),
    index('order_lines_of_sku').on(table.sku),
    index('order_lines_unissued').on(table.orderId).where(sql`is_gift_card and not gift_cards_issued`),
    check(
      'order_lines_units',
      sql`${table.packed} >= 0 and ${table.shipped} >= 0 and ${table.removed} >= 0
      and ${table.packed} + ${table.shipped} + ${table.removed} <= ${table.quantity}`,
    ),
    check(
      'order_lines_refunded',
      sql`${table.removed} <= ${table.refunded} and ${table.refunded} <= ${table.quantity} - ${table.packed}
      and ${table.refundedAmount} between 0 and ${table.total}`,
    ),
    check(
      'order_lines_returned',
      sql`${table.returning} >= 0 and ${table.returned} >= 0
      and ${table.returning} + ${table.returned} <= ${table.shipped}`,
    ),
    // 0 for a line that an edit removed.
    check('order_lines_quantity', sql`${table.quantity} >= 0`),
    check('order_lines_subtotal', sql`${table.subtotal} = ${table.unitPrice} * ${table.quantity}`),
    check(
      'order_lines_total',
      sql`${table.discount} between 0 and ${table.subtotal} and ${table.tax} >= 0
      and ${table.total} in (${table.subtotal} - ${table.discount}, ${table.subtotal} - ${table.discount} + ${table.tax})`,
    ),
  ],
)

/** Units that leave together. */
export const shipments = ordersSchema.table(
  'shipments',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    status: text('status', { enum: SHIPMENT_STATUSES }).notNull(),
    carrier: text('carrier'),
    trackingNumber: text('tracking_number'),
    trackingUrl: text('tracking_url'),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    shippedAt: instant('shipped_at'),
    deliveredAt: instant('delivered_at'),
    cancelledAt: instant('cancelled_at'),
  },
  (table) => [
    index('shipments_of_order').on(table.orderId),
    check('shipments_status', sql`${table.status} in ('packed', 'shipped', 'delivered', 'cancelled')`),
    check(
      'shipments_instants',
      sql`(${table.shippedAt} is not null) = (${table.status} in ('shipped', 'delivered'))
      and (${table.deliveredAt} is not null) = (${table.status} = 'delivered')
      and (${table.cancelledAt} is not null) = (${table.status} = 'cancelled')`,
    ),
  ],
)

export const shipmentLines = ordersSchema.table(
  'shipment_lines',
  {
    shipmentId: text('shipment_id')
      .notNull()
      .references(() => shipments.id),
    lineId: text('line_id')
      .notNull()
      .references(() => orderLines.id),
    quantity: integer('quantity').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.shipmentId, table.lineId] }),
    check('shipment_lines_quantity', sql`${table.quantity} >= 1`),
  ],
)

/**
 * Refunds by line. `reserved`: payments makes the refund. `released`: it failed or the bank returned it, so its units count as not
 * refunded.
 */
export const lineRefunds = ordersSchema.table(
  'line_refunds',
  {
    /** The id of the refund at payments. */
    refundId: text('refund_id').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    state: text('state', { enum: ['reserved', 'refunded', 'released'] }).notNull(),
    origin: text('origin', { enum: REFUND_ORIGINS }).notNull().default('request'),
    /** Of the items and shipping, less the restocking fee. */
    amount: minorUnits('amount').notNull(),
    /** The units of each line, those of them that were removed, and their amount. */
    items: jsonb('items').notNull(),
    shipping: minorUnits('shipping').notNull(),
    restockingFee: minorUnits('restocking_fee').notNull(),
    /** The return that received its units. */
    returnId: text('return_id'),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [
    index('line_refunds_of_order').on(table.orderId),
    index('line_refunds_open').on(table.createdAt).where(sql`state = 'reserved' and origin = 'request'`),
    check('line_refunds_origin', sql`${table.origin} in ('request', 'edit', 'exchange')`),
    check('line_refunds_state', sql`${table.state} in ('reserved', 'refunded', 'released')`),
    check('line_refunds_amount', sql`${table.amount} >= 1 and ${table.shipping} >= 0 and ${table.restockingFee} >= 0`),
  ],
)

/**
 * Units that changes of orders return to the stock. Written with the change and then applied to the stock, once for each `key`.
 */
export const stockAdjustments = ordersSchema.table(
  'stock_adjustments',
  {
    key: text('key').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    variantId: bigint('variant_id', { mode: 'number' }).notNull(),
    /** The returned units; for a `shrink`, the units that the hold keeps. */
    quantity: integer('quantity').notNull(),
    /** See `STOCK_ADJUSTMENT_KINDS`. */
    kind: text('kind', { enum: STOCK_ADJUSTMENT_KINDS }).notNull(),
    /** The hold of a `shrink`; null for the other kinds. */
    holdId: text('hold_id'),
    /** The reason for the stock ledger. */
    reason: text('reason').notNull(),
    createdAt: instant('created_at').notNull(),
    doneAt: instant('done_at'),
  },
  (table) => [
    index('stock_adjustments_open').on(table.createdAt, table.key).where(sql`done_at is null`),
    index('stock_adjustments_of_order').on(table.orderId),
    check('stock_adjustments_kind', sql`${table.kind} in ('shrink', 'restock', 'write_off')`),
    check('stock_adjustments_hold', sql`(${table.kind} = 'shrink') = (${table.holdId} is not null)`),
    check('stock_adjustments_quantity', sql`${table.quantity} >= case when ${table.kind} = 'shrink' then 0 else 1 end`),
  ],
)
