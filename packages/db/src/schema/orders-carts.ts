import type { CartId, UserId } from '@shop/kernel/ids'
import { sql } from 'drizzle-orm'
import { index, text } from 'drizzle-orm/pg-core'
import { instant } from './columns.ts'
import { ordersSchema } from './orders.ts'

/**
 * The carts that somebody can be found by: those of accounts, and those with an e-mail address. What is in a cart, and its
 * state, is in its object alone.
 */
export const carts = ordersSchema.table(
  'carts',
  {
    id: text('id').$type<CartId>().primaryKey(),
    userId: text('user_id').$type<UserId>(),
    /** Normalized. Null also where the cart has ended or is completed. */
    email: text('email'),
    createdAt: instant('created_at').notNull(),
    /** When the cart was changed last, as far as it is known here: for a cart in use at most 31 days too early. */
    changedAt: instant('changed_at').notNull(),
    /** Since when it is merged, expired or gone. */
    endedAt: instant('ended_at'),
    /** Since when the sweep knows that an order was made of it. */
    completedAt: instant('completed_at'),
    /** When it was announced as abandoned. */
    abandonedAt: instant('abandoned_at'),
  },
  (table) => [
    index('carts_of_user').on(table.userId, table.createdAt, table.id).where(sql`user_id is not null`),
    index('carts_of_email').on(table.email).where(sql`email is not null`),
    index('carts_age').on(table.changedAt),
    index('carts_idle')
      .on(table.changedAt)
      .where(sql`email is not null and ended_at is null and completed_at is null and abandoned_at is null`),
  ],
)
