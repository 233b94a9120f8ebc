import {
  CANCEL_REASONS,
  FULFILLMENT_STATUSES,
  ORDER_EVENT_TYPES,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
} from '@shop/contracts/orders/states'
import { sql } from 'drizzle-orm'
import {
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgSchema,
  primaryKey,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { eventTables } from '../events/tables.ts'
import { idempotencyKeysTable } from '../idempotency-keys.ts'
import { currencyCode, instant, metadata, minorUnits } from './columns.ts'

export const ordersSchema = pgSchema('orders')

/** Of the first order of a shop: as long as those of its first years. */
const FIRST_NUMBER = 1_001

export const orders = ordersSchema.table(
  'orders',
  {
    id: text('id').primaryKey(),
    /** What people call the order by. Rising, with gaps: an attempt that is refused has taken its number. */
    number: bigint('number', { mode: 'number' })
      .notNull()
      .generatedByDefaultAsIdentity({ name: 'order_numbers', startWith: FIRST_NUMBER })
      .unique('orders_number'),
    /** Null for the order of a guest, who is identified by their e-mail address, until an account has claimed it. */
    userId: text('user_id'),
    /** When the account got the order of a guest. */
    claimedAt: instant('claimed_at'),
    email: text('email'),
    /**
     * Who ordered, as promotions count: `account:<id>`, or `email:` and the hash of a guest's normalized address. Null where
     * nothing has to count the order. It stays when an account claims the order.
     */
    customerKey: text('customer_key'),
    status: text('status', { enum: ORDER_STATUSES }).notNull(),
    paymentStatus: text('payment_status', { enum: PAYMENT_STATUSES }).notNull(),
    /** What has left of it: decided from its lines and shipments, and kept for lists. */
    fulfillmentStatus: text('fulfillment_status', { enum: FULFILLMENT_STATUSES }).notNull().default('unfulfilled'),
    cancelReason: text('cancel_reason', { enum: CANCEL_REASONS }),
    /** Sums of the lines, at their prices before discounts. */
    subtotal: minorUnits('subtotal').notNull(),
    /** Of the lines and of shipping together, as is the tax. */
    discountTotal: minorUnits('discount_total').notNull().default(0),
    /** The price of shipping before its discount. */
    shippingTotal: minorUnits('shipping_total').notNull().default(0),
    taxTotal: minorUnits('tax_total').notNull().default(0),
    total: minorUnits('total').notNull(),
    currency: currencyCode('currency').notNull(),
    /** Whether all prices include tax. Then the tax is a part of the total, else it is added to it. */
    pricesIncludeTax: boolean('prices_include_tax').notNull().default(false),
    /** How it is shipped, with all its amounts. Null where nothing is, or no option was chosen. */
    shipping: jsonb('shipping'),
    /** What each promotion takes off, and what each rate of tax amounts to. Null for none, as below: most have none. */
    adjustments: jsonb('adjustments'),
    taxLines: jsonb('tax_lines'),
    /** Why no tax is charged: an exemption of the buyer, or a VAT id by which they owe it themselves. */
    taxExemption: text('tax_exemption', { enum: ['buyer', 'reverse_charge'] }),
    /** Whose rates of tax apply: the shop's own, or those of Stripe Tax, whose calculation payments records. */
    taxProvider: text('tax_provider', { enum: ['rates', 'stripe'] })
      .notNull()
      .default('rates'),
    taxCalculationId: text('tax_calculation_id'),
    vatId: text('vat_id'),
    shippingAddress: jsonb('shipping_address'),
    billingAddress: jsonb('billing_address'),
    note: text('note'),
    /** The cart that it was made of. */
    cartId: text('cart_id'),
    /** The return whose units were exchanged for it. */
    exchangeOf: text('exchange_of').unique('orders_exchange_of'),
    /**
     * Whether nothing was paid when the order was cancelled. It stays so, whatever is paid late: the cart may have another order,
     * and what the order used of promotions was given back.
     */
    endedUnpaid: boolean('ended_unpaid').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    expiresAt: instant('expires_at').notNull(),
    stockCommitted: boolean('stock_committed').notNull().default(false),
    /** Keys of the counters that count this order while it is unpaid, and the units that it adds to each. */
    countedIn: text('counted_in').array().notNull().default(sql`'{}'`),
    countedUnits: integer('counted_units').notNull().default(0),
    /** The first payment that the order took, once there is one. A repeated capture is recognized by it. */
    paymentId: text('payment_id'),
    /** The other payments that the order took: first the one by gift cards, then those for edits. Null for none. */
    furtherPayments: text('further_payments').array(),
    /** Which charge the next payment pays. It rises whenever the amount due changes, so that no payment of an older amount is taken. */
    chargeNo: integer('charge_no').notNull().default(1),
    /** What the payments that it took were for, whether or not they are captured, without gift cards. */
    chargedAmount: minorUnits('charged_amount').notNull().default(0),
    /** The part of the total that gift cards pay. */
    giftCardAmount: minorUnits('gift_card_amount').notNull().default(0),
    /** The part of that which refunds and the cancellation have returned to the cards. */
    giftCardReturned: minorUnits('gift_card_returned').notNull().default(0),
    /** By how much edits have lowered the total below what was charged. It is refunded. */
    creditedAmount: minorUnits('credited_amount').notNull().default(0),
    /** What was captured of these payments. */
    capturedAmount: minorUnits('captured_amount').notNull().default(0),
    refundedAmount: minorUnits('refunded_amount').notNull().default(0),
    /** What its invoices less its credit notes amount to, by tax. Null until it is paid. */
    invoiced: jsonb('invoiced'),
    /** A refund of the cancelled order failed, or was returned. Null for none, as below: most orders need no space for it. */
    refundFailed: boolean('refund_failed'),
    /** What banks hold while they decide about disputes, and what they have returned to the customer. */
    disputedAmount: minorUnits('disputed_amount'),
    chargedBackAmount: minorUnits('charged_back_amount'),
    metadata: metadata(),
    /** When everything was removed from it that its customer could be known by; see `remainsOf`. */
    erasedAt: instant('erased_at'),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    index('orders_of_user').on(table.userId, table.createdAt, table.id),
    index('orders_of_customer').on(table.customerKey).where(sql`customer_key is not null and not ended_unpaid`),
    // One order of a cart, and another one once that is cancelled unpaid, whatever is paid late.
    uniqueIndex('orders_of_cart').on(table.cartId).where(sql`cart_id is not null and not ended_unpaid`),
    index('orders_newest').on(table.createdAt, table.id),
    index('orders_of_status').on(table.status, table.createdAt, table.id),
    index('orders_of_payment_status').on(table.paymentStatus, table.createdAt, table.id),
    index('orders_of_fulfillment_status').on(table.fulfillmentStatus, table.createdAt, table.id),
    index('orders_of_email').on(sql`lower(email)`, table.createdAt, table.id),
    index('orders_expiring').on(table.expiresAt).where(sql`status = 'pending'`),
    index('orders_unsold').on(table.updatedAt).where(sql`status = 'processing' and not stock_committed`),
    check(
      'orders_claimed',
      sql`${table.claimedAt} is null or (${table.userId} is not null and ${table.status} <> 'pending')`,
    ),
    check('orders_contact', sql`${table.userId} is not null or ${table.email} is not null`),
    check(
      'orders_money',
      sql`0 <= ${table.refundedAmount} and ${table.refundedAmount} <= ${table.capturedAmount} + ${table.giftCardAmount}
      and ${table.capturedAmount} <= ${table.chargedAmount}`,
    ),
    check(
      'orders_amount_due',
      sql`${table.chargedAmount} + ${table.giftCardAmount} <= ${table.total} + ${table.creditedAmount}
      and ${table.giftCardReturned} between 0 and ${table.giftCardAmount} and ${table.creditedAmount} >= 0 and ${table.chargeNo} >= 1`,
    ),
    check('orders_total', sql`${table.total} between 0 and 999999999999`),
    check(
      'orders_parts',
      sql`${table.total} = ${table.subtotal} - ${table.discountTotal} + ${table.shippingTotal}
        + case when ${table.pricesIncludeTax} then 0 else ${table.taxTotal} end
      and ${table.subtotal} >= 0 and ${table.shippingTotal} >= 0 and ${table.taxTotal} >= 0
      and ${table.discountTotal} between 0 and ${table.subtotal} + ${table.shippingTotal}`,
    ),
    check('orders_tax_exemption', sql`${table.taxExemption} is null or ${table.taxTotal} = 0`),
    check(
      'orders_tax_provider',
      sql`${table.taxProvider} in ('rates', 'stripe')
      and (${table.taxProvider} = 'stripe') = (${table.taxCalculationId} is not null)`,
    ),
    check('orders_note', sql`length(${table.note}) between 1 and 2000`),
    check('orders_status', sql`${table.status} in ('pending', 'processing', 'shipped', 'delivered', 'cancelled')`),
    check(
      'orders_payment_status',
      sql`${table.paymentStatus} in ('unpaid', 'authorized', 'partially_paid', 'paid', 'partially_refunded', 'refunded')`,
    ),
    check(
      'orders_fulfillment_status',
      sql`${table.fulfillmentStatus} in ('unfulfilled', 'partially_fulfilled', 'fulfilled', 'delivered', 'ready_for_pickup',
        'picked_up')`,
    ),
    check(
      'orders_counted',
      sql`${table.countedUnits} >= 0
      and (${table.status} = 'pending' or (${table.countedIn} = '{}' and ${table.countedUnits} = 0))`,
    ),
    check('orders_cancel_reason', sql`(${table.status} = 'cancelled') = (${table.cancelReason} is not null)`),
    check(
      'orders_paid_before_processing',
      sql`${table.status} in ('pending', 'cancelled') or ${table.paymentStatus} <> 'unpaid'`,
    ),
  ],
)

/**
 * The history of an order, one row per change; `seq` is the order's version after it. Append-only: the service's role may
 * neither change nor delete a row.
 */
export const orderEvents = ordersSchema.table(
  'order_events',
  {
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    seq: integer('seq').notNull(),
    type: text('type', { enum: ORDER_EVENT_TYPES }).notNull(),
    at: instant('at').notNull(),
    actor: jsonb('actor').notNull(),
    data: jsonb('data').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.orderId, table.seq] }),
    // A refund, and its return, is recorded once, however often it is reported.
    uniqueIndex('order_events_refund').on(sql`(data->>'refundId')`).where(sql`type = 'refunded'`),
    uniqueIndex('order_events_refund_returned').on(sql`(data->>'refundId')`).where(sql`type = 'refund_returned'`),
    check('order_events_seq', sql`${table.seq} >= 1`),
  ],
)

/**
 * What a buyer has ordered and not paid: one row for each account, e-mail address of guests and client address. Changed in
 * the statements that write an order and that end its being unpaid.
 *
 * The caps are those under which the last order was counted, so that a row is within its own caps whatever the settings
 * become, and one more order than they allow violates a constraint.
 */
export const buyerCounters = ordersSchema.table(
  'buyer_counters',
  {
    /** `account:<id>`, or `email:` or `address:` and a hash. */
    key: text('key').primaryKey(),
    scope: text('scope', { enum: ['account', 'email', 'address'] }).notNull(),
    openOrders: integer('open_orders').notNull(),
    heldUnits: bigint('held_units', { mode: 'number' }).notNull(),
    /** Null where only units count. */
    maxOrders: integer('max_orders'),
    maxUnits: bigint('max_units', { mode: 'number' }).notNull(),
    /** True once an order of the account was paid. */
    hasPaid: boolean('has_paid').notNull().default(false),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    check('buyer_counters_counts', sql`${table.openOrders} >= 0 and ${table.heldUnits} >= 0`),
    check('buyer_counters_open_orders', sql`${table.openOrders} <= ${table.maxOrders}`),
    check('buyer_counters_held_units', sql`${table.scope} = 'address' or ${table.heldUnits} <= ${table.maxUnits}`),
    check('buyer_counters_address_units', sql`${table.scope} <> 'address' or ${table.heldUnits} <= ${table.maxUnits}`),
    check('buyer_counters_scope', sql`${table.scope} in ('account', 'email', 'address')`),
    index('buyer_counters_unused').on(table.updatedAt).where(sql`open_orders = 0 and not has_paid`),
  ],
)

export const idempotencyKeys = idempotencyKeysTable(ordersSchema)

export const ordersEvents = eventTables(ordersSchema)

/** drizzle-kit reads the tables of a schema file from its exports. */
export const { events: ordersEventRows, deliveries: ordersDeliveries } = ordersEvents
