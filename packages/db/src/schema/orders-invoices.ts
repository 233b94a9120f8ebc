import { sql } from 'drizzle-orm'
import { bigint, check, integer, jsonb, primaryKey, text, unique } from 'drizzle-orm/pg-core'
import { currencyCode, instant, minorUnits } from './columns.ts'
import { orders, ordersSchema } from './orders.ts'

/** The last number of each series. A failed statement rolls its number back, so there are no gaps. */
export const invoiceCounters = ordersSchema.table('invoice_counters', {
  series: text('series', { enum: ['invoice', 'credit_note'] }).primaryKey(),
  last: bigint('last', { mode: 'number' }).notNull(),
})

/**
 * Invoices and credit notes. The service's role may delete none, and change nothing of them but `buyer`, which is erased with the
 * order.
 */
export const invoices = ordersSchema.table(
  'invoices',
  {
    series: text('series', { enum: ['invoice', 'credit_note'] }).notNull(),
    /** Within the series, from 1 on. */
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
    /** As printed: the prefix at the time of issue, and the sequence. */
    number: text('number').notNull(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    /** The version of the order after the change that the document was issued for. */
    orderVersion: integer('order_version').notNull(),
    /** Why it was issued, so that an order has one for each reason. */
    cause: text('cause').notNull(),
    issuedAt: instant('issued_at').notNull(),
    currency: currencyCode('currency').notNull(),
    /** With taxes. */
    total: minorUnits('total').notNull(),
    /** What is printed of it and is not personal. */
    document: jsonb('document').notNull(),
    /** E-mail, VAT id and addresses, as the order had them. */
    buyer: jsonb('buyer').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.series, table.sequence] }),
    unique('invoices_of_order').on(table.orderId, table.series, table.cause),
    check('invoices_series', sql`${table.series} in ('invoice', 'credit_note')`),
    check('invoices_sequence', sql`${table.sequence} >= 1`),
    check('invoices_total', sql`${table.total} >= 0`),
  ],
)
