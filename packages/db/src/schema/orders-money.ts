import { MONEY_KINDS } from '@shop/contracts/orders/states'
import { sql } from 'drizzle-orm'
import { check, index, text } from 'drizzle-orm/pg-core'
import { currencyCode, instant, minorUnits } from './columns.ts'
import { orders, ordersSchema } from './orders.ts'

/**
 * The money that came in and went out for orders, one row for each movement of the ledger of payments that changes what the
 * shop has at Stripe, or that went to gift cards in place of it, with the amount and the instant of that ledger. Reports read them. Also movements of payments that the
 * order did not take, such as a second payment that was refunded.
 *
 * A row is never deleted, and never changed but for its instant: where the refund of a payment came before its capture, the
 * capture has the instant of the refund until its own event comes.
 */
export const moneyEntries = ordersSchema.table(
  'money_entries',
  {
    /**
     * The kind and the id of the payment, refund or dispute, so that each movement is recorded once. A further capture of a payment adds
     * what was captured with it.
     */
    key: text('key').primaryKey(),
    orderId: text('order_id')
      .notNull()
      .references(() => orders.id),
    /** Null for an order with nothing to pay, whose entry has the amount 0. */
    paymentId: text('payment_id'),
    kind: text('kind', { enum: MONEY_KINDS }).notNull(),
    amount: minorUnits('amount').notNull(),
    currency: currencyCode('currency').notNull(),
    at: instant('at').notNull(),
  },
  (table) => [
    index('money_entries_at').on(table.at),
    check('money_entries_amount', sql`${table.amount} > 0 or (${table.amount} = 0 and ${table.paymentId} is null)`),
    check(
      'money_entries_kind',
      sql`${table.kind} in ('captured', 'refunded', 'refund_returned', 'disputed', 'dispute_won', 'credited')`,
    ),
  ],
)
