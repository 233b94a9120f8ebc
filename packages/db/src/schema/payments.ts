import { PAYMENT_STATES } from '@shop/contracts'
import { sql } from 'drizzle-orm'
import { boolean, check, index, integer, jsonb, pgSchema, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { currencyCode, instant, minorUnits } from './columns.ts'
import { outboxTable } from './outbox.ts'

export const paymentsSchema = pgSchema('payments')

export const payments = paymentsSchema.table(
  'payments',
  {
    id: text('id').primaryKey(),
    orderId: text('order_id').notNull(),
    userId: text('user_id').notNull(),
    amount: minorUnits('amount').notNull(),
    currency: currencyCode('currency').notNull(),
    state: text('state', { enum: PAYMENT_STATES }).notNull(),
    intentId: text('intent_id'),
    clientSecret: text('client_secret'),
    attempt: integer('attempt').notNull(),
    attemptMethod: text('attempt_method'),
    attemptUntil: instant('attempt_until'),
    declineCode: text('decline_code'),
    /** When Stripe was in the state kept here: an older report of an open state changes nothing. */
    observedAt: instant('observed_at').notNull(),
    /** Money that came for an order that has another payment: it must be seen, and goes back. */
    duplicate: boolean('duplicate').notNull().default(false),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
    version: integer('version').notNull().default(1),
  },
  (table) => [
    // A payment that succeeded stays in the way too: an order is paid once.
    uniqueIndex('payments_one_per_order').on(table.orderId).where(sql`state <> 'canceled' and not duplicate`),
    uniqueIndex('payments_intent').on(table.intentId),
    index('payments_of_order').on(table.orderId, table.createdAt),
    index('payments_under_way').on(table.attemptUntil).where(sql`attempt_until is not null`),
    index('payments_open').on(table.updatedAt).where(sql`state not in ('starting', 'succeeded', 'canceled')`),
    check('payments_amount', sql`${table.amount} > 0`),
    check(
      'payments_state',
      sql`${table.state} in ('starting', 'requires_payment_method', 'requires_confirmation', 'requires_action', 'processing', 'succeeded', 'canceled')`,
    ),
  ],
)

/** Money given back. Written before Stripe is asked, so that a crash in between is resumed, not forgotten. */
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
    state: text('state', { enum: ['pending', 'succeeded', 'failed'] }).notNull(),
    stripeRefundId: text('stripe_refund_id'),
    reason: text('reason').notNull(),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    uniqueIndex('refunds_one_per_reason').on(table.paymentId, table.reason),
    index('refunds_pending').on(table.nextAttemptAt).where(sql`state = 'pending'`),
    check('refunds_amount', sql`${table.amount} > 0`),
    check('refunds_state', sql`${table.state} in ('pending', 'succeeded', 'failed')`),
  ],
)

/** Every webhook event that was received with a good signature, once. */
export const stripeEvents = paymentsSchema.table('stripe_events', {
  id: text('id').primaryKey(),
  type: text('type').notNull(),
  intentId: text('intent_id'),
  /** What it did here: `applied`, `ignored` (nothing to do for it) or `flagged` (contradicts what is kept). */
  outcome: text('outcome', { enum: ['applied', 'ignored', 'flagged'] }).notNull(),
  payload: jsonb('payload').notNull(),
  createdAt: instant('created_at').notNull(),
  receivedAt: instant('received_at').notNull(),
})

export const paymentsOutbox = outboxTable(paymentsSchema)
