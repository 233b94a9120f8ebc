import type { Db } from '@shop/db/client'
import { payments } from '@shop/db/schema/payments'
import type { OrderId, PaymentId, UserId } from '@shop/kernel/ids'
import { desc, eq } from 'drizzle-orm'
import type { Payment } from '../domain/payment.ts'
import { paymentAttempts } from './attempts.ts'
import { giftCardPayments } from './gift-cards.ts'
import { toPayment } from './rows.ts'
import { paymentStates } from './state.ts'

export type PaymentRepository = ReturnType<typeof paymentRepository>

/** Payments and their attempts; each call is one round trip. */
export const paymentRepository = (db: Db) => ({
  ...paymentAttempts(db),
  ...paymentStates(db),
  ...giftCardPayments(db),

  async find(id: PaymentId): Promise<Payment | undefined> {
    const [row] = await db.select().from(payments).where(eq(payments.id, id))
    return row && toPayment(row)
  },

  async findByIntent(intentId: string): Promise<Payment | undefined> {
    const [row] = await db.select().from(payments).where(eq(payments.intentId, intentId))
    return row && toPayment(row)
  },

  /** The payments of an account, newest first. Index: payments_of_user. */
  async listOf(userId: UserId, limit: number): Promise<Payment[]> {
    const rows = await db
      .select()
      .from(payments)
      .where(eq(payments.userId, userId))
      .orderBy(desc(payments.createdAt), desc(payments.id))
      .limit(limit)
    return rows.map(toPayment)
  },

  /** The payments of an order, newest first. */
  async ofOrder(orderId: OrderId): Promise<Payment[]> {
    const rows = await db
      .select()
      .from(payments)
      .where(eq(payments.orderId, orderId))
      .orderBy(desc(payments.createdAt), desc(payments.id))
    return rows.map(toPayment)
  },
})
