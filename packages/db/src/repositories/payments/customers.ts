import type { UserId } from '@shop/kernel'
import { eq, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { customers } from '../../schema/stripe.ts'

/** Who the user is at Stripe, as a value in a statement; null for nobody, and for one who is nobody there. */
export function customerOf(userId: UserId | null): SQL<string | null> {
  if (userId === null) return sql`null::text`
  return sql`(select c.stripe_customer_id from ${customers} c where c.user_id = ${userId})`
}

export async function findCustomer(db: Db, userId: UserId): Promise<string | undefined> {
  const [row] = await db.select().from(customers).where(eq(customers.userId, userId))
  return row?.stripeCustomerId
}

/** Keeps who the user is at Stripe. Where that is known already it stays so. @returns what is known then */
export async function keepCustomer(
  db: Db,
  fresh: { userId: UserId; stripeCustomerId: string; createdAt: Date },
): Promise<string> {
  const insert = db.insert(customers).values(fresh).onConflictDoNothing({ target: customers.userId })
  const [, [kept]] = await db.batch([insert, db.select().from(customers).where(eq(customers.userId, fresh.userId))])
  return kept?.stripeCustomerId ?? fresh.stripeCustomerId
}
