import type { Db } from '@shop/db/client'
import { erasureQueue } from '@shop/db/erasures'
import { paymentKeys, payments, refunds } from '@shop/db/schema/payments'
import { erasures } from '@shop/db/schema/payments-erasures'
import { customers } from '@shop/db/schema/stripe'
import type { UserId } from '@shop/kernel/ids'
import { and, eq, inArray, sql } from 'drizzle-orm'
import { NO_REASON_GIVEN } from '../refunds/domain/refund.ts'

export type CustomerErasureRepository = ReturnType<typeof erasureRepository>

/** Payments that Stripe may still have to act on together with their customer. */
const RUNNING = ['starting', 'processing', 'requires_capture'] as const
const ENDED = ['succeeded', 'canceled'] as const

/** Erasing customers in Postgres. Each call is one round trip, and may run twice. */
export const erasureRepository = (db: Db) => ({
  ...erasureQueue(db, erasures),

  /** Index: payments_of_user. */
  async hasRunningPayments(userId: UserId): Promise<boolean> {
    const running = and(eq(payments.userId, userId), inArray(payments.state, [...RUNNING]))
    return (await db.select({ id: payments.id }).from(payments).where(running).limit(1)).length > 0
  },

  /**
   * Forgets the Stripe customer of a user, the reasons of refunds that staff typed, and the answers to requests by which payments
   * were started. Index: payments_of_user.
   */
  async forget(userId: UserId): Promise<void> {
    await db.batch([
      db.delete(customers).where(eq(customers.userId, userId)),
      db
        .update(payments)
        .set({ stripeCustomerId: null })
        .where(and(eq(payments.userId, userId), inArray(payments.state, [...ENDED]))),
      db
        .update(refunds)
        .set({ reason: NO_REASON_GIVEN })
        .where(
          and(
            inArray(
              refunds.paymentId,
              db.select({ id: payments.id }).from(payments).where(eq(payments.userId, userId)),
            ),
            sql`${refunds.actor}->>'kind' = 'staff'`,
          ),
        ),
      db.delete(paymentKeys).where(eq(paymentKeys.scope, `${userId}:startPayment`)),
    ])
  },
})
