import {
  CAPTURE_METHODS,
  EVENT_FLAGS,
  LEDGER_ACCOUNTS,
  PAYMENT_METHODS,
  PAYMENT_STATES,
  REFUND_DESTINATIONS,
  REFUND_STATES,
} from '@shop/contracts/payments/states'
import { sql } from 'drizzle-orm'
import {
  type AnyPgColumn,
  bigint,
  boolean,
  check,
  index,
  integer,
  jsonb,
  pgSchema,
  text,
  uniqueIndex,
} from 'drizzle-orm/pg-core'
import { eventTables } from '../events/tables.ts'
import { idempotencyKeysTable } from '../idempotency-keys.ts'
import { currencyCode, instant, minorUnits } from './columns.ts'

export const paymentsSchema = pgSchema('payments')

export const payments = paymentsSchema.table(
  'payments',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id').notNull(),
    /** Null for the order of a guest. */
    userId: text('user_id'),
    amount: minorUnits('amount').notNull(),
    currency: currencyCode('currency').notNull(),
    /** `gift_card`: one payment for each order, without Stripe. */
    method: text('method', { enum: PAYMENT_METHODS }).notNull().default('card'),
    state: text('state', { enum: PAYMENT_STATES }).notNull(),
    captureMethod: text('capture_method', { enum: CAPTURE_METHODS }).notNull().default('automatic'),
    capturedAmount: minorUnits('captured_amount').notNull().default(0),
    refundedAmount: minorUnits('refunded_amount').notNull().default(0),
    /** The part of the refunded amount that went to gift cards instead of through Stripe. */
    creditedAmount: minorUnits('credited_amount').notNull().default(0),
    /** Reserved by pending refunds before Stripe is asked, so that together they never exceed the captured amount. */
    reservedAmount: minorUnits('reserved_amount').notNull().default(0),
    /** The amount that the current attempt captures of an authorization; 0 for one that only releases the rest. */
    captureAmount: minorUnits('capture_amount'),
    /** Whether that capture releases the rest, or leaves it for further ones. */
    captureIsFinal: boolean('capture_is_final').notNull().default(true),
    authorizedAt: instant('authorized_at'),
    intentId: text('intent_id'),
    clientSecret: text('client_secret'),
    /** Which charge of its order it pays; edits of an order add charges. 0 for gift cards. */
    chargeNo: integer('charge_no').notNull().default(1),
    attempt: integer('attempt').notNull(),
    attemptMethod: text('attempt_method'),
    attemptUntil: instant('attempt_until'),
    declineCode: text('decline_code'),
    /** When Stripe was in the recorded state: an older report of an open state changes nothing. */
    observedAt: instant('observed_at').notNull(),
    /** Money for an order that already has another payment: it is recorded, and refunded. */
    duplicate: boolean('duplicate').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
    /** The Stripe customer whose saved cards the PaymentIntent may use; null for none. */
    stripeCustomerId: text('stripe_customer_id'),
    /** Of Stripe Tax, by which the order was taxed; null for an order that the shop's own rates tax. */
    taxCalculationId: text('tax_calculation_id'),
    /** Whether the card of the attempt is to be saved with that customer. */
    savesMethod: boolean('saves_method').notNull().default(false),
  },
  (table) => [
    // A succeeded payment counts too: a charge is paid once.
    uniqueIndex('payments_one_per_charge')
      .on(table.orderId, table.chargeNo)
      .where(sql`state <> 'canceled' and not duplicate and method = 'card'`),
    uniqueIndex('payments_gift_card').on(table.orderId).where(sql`method = 'gift_card'`),
    uniqueIndex('payments_intent').on(table.intentId),
    index('payments_of_order').on(table.orderId, table.createdAt),
    index('payments_of_user').on(table.userId, table.createdAt, table.id),
    index('payments_under_way').on(table.attemptUntil).where(sql`attempt_until is not null`),
    index('payments_open').on(table.updatedAt).where(sql`state not in ('starting', 'succeeded', 'canceled')`),
    check('payments_amount', sql`${table.amount} > 0`),
    check(
      'payments_state',
      sql`${table.state} in ('starting', 'requires_payment_method', 'requires_confirmation', 'requires_action', 'requires_capture', 'processing', 'succeeded', 'canceled')`,
    ),
    check(
      'payments_method',
      sql`${table.method} = 'card' or (${table.method} = 'gift_card' and ${table.state} = 'succeeded' and ${table.intentId} is null)`,
    ),
    check('payments_credited', sql`${table.creditedAmount} between 0 and ${table.refundedAmount}`),
    check('payments_capture_method', sql`${table.captureMethod} in ('automatic', 'manual', 'per_shipment')`),
    check('payments_captured', sql`${table.capturedAmount} between 0 and ${table.amount}`),
    check(
      'payments_capture_amount',
      sql`${table.captureAmount} between 0 and ${table.amount} and (${table.captureAmount} > 0 or ${table.captureIsFinal})`,
    ),
    check(
      'payments_refunded',
      sql`${table.refundedAmount} >= 0 and ${table.reservedAmount} >= 0 and ${table.refundedAmount} + ${table.reservedAmount} <= ${table.capturedAmount}`,
    ),
  ],
)

/**
 * The declines of an order's payments. An answer and a webhook that report the same decline make one row. Too many pause
 * the order's payments; see `PAUSES_SECONDS`.
 */
export const declines = paymentsSchema.table(
  'declines',
  {
    /** Stripe's id of the declined charge; of the attempt where no charge was made. */
    id: text('id').primaryKey(),
    orderId: text('order_id').notNull(),
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.id),
    declinedAt: instant('declined_at').notNull(),
  },
  (table) => [index('declines_of_order').on(table.orderId, table.declinedAt)],
)

/** Written before Stripe is asked, so that a refund whose call was lost is resumed. */
export const refunds = paymentsSchema.table(
  'refunds',
  {
    id: text('id').primaryKey(),
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.id),
    orderId: text('order_id').notNull(),
    amount: minorUnits('amount').notNull(),
    currency: currencyCode('currency').notNull(),
    state: text('state', { enum: REFUND_STATES }).notNull(),
    destination: text('destination', { enum: REFUND_DESTINATIONS }).notNull().default('card'),
    /** The first part of the same refund, if it takes from several payments. */
    partOf: text('part_of').references((): AnyPgColumn => refunds.id),
    stripeRefundId: text('stripe_refund_id'),
    /**
     * Unique among the refunds of a payment. For a refund that the shop makes itself it is the reason, so that it is made
     * once; for any other, and for one that failed, its own id.
     */
    dedupKey: text('dedup_key').notNull(),
    reason: text('reason').notNull(),
    /** Who requested it, as an OrderActor. */
    actor: jsonb('actor').notNull().default({ kind: 'system' }),
    failure: text('failure'),
    /** When the running call to Stripe counts as lost; null when none is running. */
    leaseUntil: instant('lease_until'),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('refunds_dedup_key').on(table.paymentId, table.dedupKey),
    uniqueIndex('refunds_stripe_refund').on(table.stripeRefundId),
    index('refunds_of_payment').on(table.paymentId, table.createdAt, table.id),
    index('refunds_parts').on(table.partOf).where(sql`part_of is not null`),
    index('refunds_pending').on(table.nextAttemptAt).where(sql`state = 'pending'`),
    check('refunds_amount', sql`${table.amount} > 0`),
    check('refunds_state', sql`${table.state} in ('pending', 'succeeded', 'failed')`),
    check(
      'refunds_destination',
      sql`${table.destination} in ('card', 'gift_cards', 'store_credit', 'given')
      and (${table.destination} = 'card' or ${table.stripeRefundId} is null)`,
    ),
  ],
)

/** Webhook events with a valid signature, each once. Kept for 90 days; flagged ones are kept for good. */
export const stripeEvents = paymentsSchema.table(
  'stripe_events',
  {
    id: text('id').primaryKey(),
    type: text('type').notNull(),
    intentId: text('intent_id'),
    /** `applied`, `ignored` (nothing to do for it) or `flagged` (contradicts what is recorded). */
    outcome: text('outcome', { enum: ['applied', 'ignored', 'flagged'] }).notNull(),
    /** What it contradicts in the payment's record. */
    flag: text('flag', { enum: EVENT_FLAGS }),
    payload: jsonb('payload').notNull(),
    createdAt: instant('created_at').notNull(),
    receivedAt: instant('received_at').notNull(),
  },
  (table) => [
    index('stripe_events_flagged').on(table.receivedAt, table.id).where(sql`flag is not null`),
    index('stripe_events_age').on(table.receivedAt).where(sql`flag is null`),
  ],
)

/** Keys of requests that change a payment or make a refund. The answer is a PaymentOutcome. */
export const paymentKeys = idempotencyKeysTable(paymentsSchema)

/**
 * Double entry: each row moves an amount from one account to another, so the accounts always add up to 0. A row is
 * written by the statement that makes the change it records. Rows are never changed: the service has no right to, and a
 * trigger refuses everybody else.
 */
export const ledger = paymentsSchema.table(
  'ledger',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    at: instant('at').notNull(),
    debit: text('debit', { enum: LEDGER_ACCOUNTS }).notNull(),
    credit: text('credit', { enum: LEDGER_ACCOUNTS }).notNull(),
    amount: minorUnits('amount').notNull(),
    currency: currencyCode('currency').notNull(),
    /** Null for gift cards that were issued, expired or voided. */
    paymentId: text('payment_id').references(() => payments.id),
    refundId: text('refund_id'),
    disputeId: text('dispute_id'),
    /** The name of the change, so that it is booked once. */
    key: text('key').notNull(),
  },
  (table) => [
    uniqueIndex('ledger_key').on(table.key),
    index('ledger_of_payment').on(table.paymentId, table.id),
    check('ledger_amount', sql`${table.amount} > 0`),
    check('ledger_accounts', sql`${table.debit} <> ${table.credit}`),
  ],
)

export const paymentsEvents = eventTables(paymentsSchema)

/** drizzle-kit reads the tables of a schema file from its exports. */
export const { events: paymentsEventRows, deliveries: paymentsDeliveries } = paymentsEvents
