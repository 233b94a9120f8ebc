import { bigint, boolean, index, integer, primaryKey, text, uniqueIndex } from 'drizzle-orm/pg-core'
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
  (table) => [uniqueIndex('verified_emails_of_user').on(table.userId)],
)

/** Requests for the tokens of guests' orders, of the last hour: also those that name no order. */
export const tokenRequests = ordersSchema.table(
  'token_requests',
  {
    /** A hash of the order and the address that were named; or the customer key of the address, for the mails to it. */
    key: text('key').primaryKey(),
    requests: integer('requests').notNull(),
    /** When the hour began in which they are counted. */
    since: instant('since').notNull(),
  },
  (table) => [index('token_requests_age').on(table.since)],
)

/** The groups of accounts, kept from the events of users. A deleted one stays, so that a late event revives nothing. */
export const customerGroups = ordersSchema.table('customer_groups', {
  id: text('id').primaryKey(),
  isDeleted: boolean('is_deleted').notNull().default(false),
})

/** Who is in which group, and who was: a row of somebody who left stays, so that a late event does not bring them back. */
export const customerGroupMembers = ordersSchema.table(
  'customer_group_members',
  {
    userId: text('user_id').notNull(),
    groupId: text('group_id')
      .notNull()
      .references(() => customerGroups.id),
    isMember: boolean('is_member').notNull(),
    /** Of the latest event about this account in this group. */
    sequence: bigint('sequence', { mode: 'number' }).notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.userId, table.groupId] }),
    index('customer_group_members_group').on(table.groupId),
  ],
)
