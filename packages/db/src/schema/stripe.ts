import { DISCREPANCIES, TAX_RECORD_KINDS } from '@shop/contracts/payments/states'
import { sql } from 'drizzle-orm'
import { type AnyPgColumn, bigint, check, index, integer, text, uniqueIndex } from 'drizzle-orm/pg-core'
import { currencyCode, instant, minorUnits } from './columns.ts'
import { payments, paymentsSchema } from './payments.ts'

/** Disputes of customers' banks, as Stripe last reported them. */
export const disputes = paymentsSchema.table(
  'disputes',
  {
    /** Stripe's id. */
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
    /** When Stripe was in the recorded status: an older report changes nothing. */
    observedAt: instant('observed_at').notNull(),
  },
  (table) => [
    index('disputes_newest').on(table.createdAt, table.id),
    index('disputes_of_payment').on(table.paymentId, table.createdAt),
    check('disputes_amount', sql`${table.amount} > 0`),
  ],
)

/** The Stripe customer of a user, who has their saved cards. */
export const customers = paymentsSchema.table(
  'customers',
  {
    userId: text('user_id').primaryKey(),
    stripeCustomerId: text('stripe_customer_id').notNull(),
    createdAt: instant('created_at').notNull(),
  },
  (table) => [uniqueIndex('customers_stripe_customer').on(table.stripeCustomerId)],
)

/** The progress of reconciliation over one of Stripe's lists. */
export const reconciliations = paymentsSchema.table('reconciliations', {
  list: text('list', { enum: ['payment_intents', 'refunds'] }).primaryKey(),
  /** The window under comparison: objects created from `from` until before `until`, newest first. */
  from: instant('from').notNull(),
  until: instant('until').notNull(),
  /** The cursor: Stripe's id of the last compared object; null at the beginning. */
  after: text('after'),
  /** When the next page is due. */
  nextAt: instant('next_at').notNull(),
  /** While a page is being compared: when that attempt counts as lost. */
  leasedUntil: instant('leased_until'),
})

/** Differences between Stripe and the shop without one right answer. */
export const discrepancies = paymentsSchema.table(
  'discrepancies',
  {
    id: bigint('id', { mode: 'number' }).primaryKey().generatedAlwaysAsIdentity(),
    kind: text('kind', { enum: DISCREPANCIES }).notNull(),
    /** Stripe's id of the differing object. */
    subject: text('subject').notNull(),
    paymentId: text('payment_id').references(() => payments.id),
    /** The value on each side. */
    stripe: text('stripe'),
    shop: text('shop'),
    foundAt: instant('found_at').notNull(),
    /** When it was no longer found. */
    resolvedAt: instant('resolved_at'),
  },
  (table) => [
    uniqueIndex('discrepancies_subject').on(table.subject, table.kind),
    index('discrepancies_open').on(table.id).where(sql`resolved_at is null`),
  ],
)

/** What Stripe Tax has to record, written by the statement that makes the change. */
export const taxRecords = paymentsSchema.table(
  'tax_records',
  {
    /** Of its transaction at Stripe, which takes each once. */
    reference: text('reference').primaryKey(),
    kind: text('kind', { enum: TAX_RECORD_KINDS }).notNull(),
    paymentId: text('payment_id')
      .notNull()
      .references(() => payments.id),
    /** The record that it reverses; null for a sale. */
    reverses: text('reverses').references((): AnyPgColumn => taxRecords.reference),
    /** Of a sale. */
    calculationId: text('calculation_id'),
    amount: minorUnits('amount').notNull(),
    currency: currencyCode('currency').notNull(),
    state: text('state', { enum: ['pending', 'recorded', 'refused'] }).notNull(),
    /** Stripe's id of the transaction. */
    stripeId: text('stripe_id'),
    /** Why Stripe refused it: its code. */
    failure: text('failure'),
    attempts: integer('attempts').notNull(),
    nextAttemptAt: instant('next_attempt_at').notNull(),
    createdAt: instant('created_at').notNull(),
    updatedAt: instant('updated_at').notNull(),
  },
  (table) => [
    index('tax_records_due').on(table.nextAttemptAt).where(sql`state = 'pending'`),
    check('tax_records_amount', sql`${table.amount} > 0`),
    check(
      'tax_records_kind',
      sql`${table.kind} in ('sale', 'uncaptured', 'refund', 'refund_returned')
      and (${table.kind} = 'sale') = (${table.calculationId} is not null)
      and (${table.kind} = 'sale') = (${table.reverses} is null)`,
    ),
    check(
      'tax_records_state',
      sql`${table.state} in ('pending', 'recorded', 'refused')
      and (${table.state} = 'recorded') = (${table.stripeId} is not null)
      and (${table.state} = 'refused') = (${table.failure} is not null)`,
    ),
  ],
)
