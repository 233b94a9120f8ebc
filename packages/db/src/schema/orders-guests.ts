import { index, integer, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { ordersSchema } from './orders.ts'

/**
 * The verified addresses of accounts, as orders of guests name them: an account has one, and an address belongs to one
 * account. Kept from the events of users, which orders may not ask.
 */
export const verifiedEmails = ordersSchema.table(
  'verified_emails',
  {
    /** `email:` and a hash, as the customer key of a guest's order. */
    customerKey: text('customer_key').primaryKey(),
    userId: text('user_id').notNull(),
    verifiedAt: instant('verified_at').notNull(),
  },
  (table) => [index('verified_emails_of_user').on(table.userId)],
)

/** Requests for the tokens of guests' orders, of the last hour: also those that name no order. */
export const tokenRequests = ordersSchema.table(
  'token_requests',
  {
    /** A hash of the order and the address that were named. */
    key: text('key').primaryKey(),
    requests: integer('requests').notNull(),
    /** When the hour began in which they are counted. */
    since: instant('since').notNull(),
  },
  (table) => [index('token_requests_age').on(table.since)],
)
