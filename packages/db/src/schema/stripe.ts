import { DISCREPANCIES } from '@shop/contracts'
import { sql } from 'drizzle-orm'
import { bigint, check, index, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { currencyCode, instant, minorUnits } from './columns.ts'
import { payments, paymentsSchema } from './payments.ts'

/** What customers' banks have taken back, or ask about; as Stripe last told. */
export const disputes = paymentsSchema.table(
  'disputes',
  {
    /** Stripe's. */
    id: text('id').primaryKey(),
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.id),
    amount: minorUnits('amount').notNull(),
    currency: currencyCode('currency').notNull(),
    reason: text('reason').notNull(),
    status: text('status').notNull(),
    evidenceDueAt: instant('evidence_due_at'),
    createdAt: instant('created_at').notNull(),
    closedAt: instant('closed_at'),
    /** When Stripe was in the status kept here: an older report changes nothing. */
    observedAt: instant('observed_at').notNull(),
  },
  (table) => [
    index('disputes_newest').on(table.createdAt, table.id),
    index('disputes_of_payment').on(table.paymentId, table.createdAt),
    check('disputes_amount', sql`${table.amount} > 0`),
  ],
)

/** Who a user is at Stripe, where saved cards are kept. */
export const customers = paymentsSchema.table(
  'customers',
  {
    userId: text('user_id').primaryKey(),
    stripeCustomerId: text('stripe_customer_id').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [uniqueIndex('customers_stripe_customer').on(table.stripeCustomerId)],
)

/** How far a walk over what Stripe has is; one row a walk. */
export const reconciliations = paymentsSchema.table('reconciliations', {
  walk: text('walk', { enum: ['payment_intents', 'refunds'] }).primaryKey(),
  /** What is walked over: made at Stripe from the one until before the other, newest first. */
  from: instant('from').notNull(),
  until: instant('until').notNull(),
  /** The last that was compared; null at the beginning. */
  after: text('after'),
  /** When the next step is due. */
  nextAt: instant('next_at').notNull(),
  /** While somebody takes a step: when that counts as lost. */
  leasedUntil: instant('leased_until'),
})

/** Differences between Stripe and the shop that have no one right answer. */
export const discrepancies = paymentsSchema.table(
  'discrepancies',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text('kind', { enum: DISCREPANCIES }).notNull(),
    /** Stripe's id of what it is about. */
    subject: text('subject').notNull(),
    paymentId: text('payment_id').references(() => payments.id),
    /** What each side says. */
    stripe: text('stripe'),
    shop: text('shop'),
    foundAt: instant('found_at').notNull(),
    /** When it was found to be gone. */
    resolvedAt: instant('resolved_at'),
  },
  (table) => [
    uniqueIndex('discrepancies_subject').on(table.subject, table.kind),
    index('discrepancies_open').on(table.id).where(sql`resolved_at is null`),
  ],
)
