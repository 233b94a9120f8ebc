import type { Db } from '@shop/db/client'
import { customers } from '@shop/db/schema/stripe'
import type { UserId } from '@shop/kernel/ids'
import { eq, type SQL, sql } from 'drizzle-orm'

export type CustomerRepository = ReturnType<typeof customerRepository>

/** Which Stripe customer a user is; each call is one round trip. */
export const customerRepository = (db: Db) => ({
  async find(userId: UserId): Promise<string | undefined> {
    const [row] = await db.select().from(customers).where(eq(customers.userId, userId))
    return row?.stripeCustomerId
  },

  /** Stores the Stripe customer of a user, unless one is stored already. @returns the stored one */
  async save(fresh: { userId: UserId; stripeCustomerId: string; createdAt: Date }): Promise<string> {
    // Of two at once, the second may meet the first by either unique column.
    const insert = db.insert(customers).values(fresh).onConflictDoNothing()
    const [, [stored]] = await db.batch([insert, db.select().from(customers).where(eq(customers.userId, fresh.userId))])
    return stored?.stripeCustomerId ?? fresh.stripeCustomerId
  },
})

/** Statement part: the Stripe customer of a user, as a value; null for nobody, and for a user who is none at Stripe. */
export const customerOf = (userId: SQL): SQL => sql`(
  select c.stripe_customer_id from ${customers} c where c.user_id = ${userId})`
