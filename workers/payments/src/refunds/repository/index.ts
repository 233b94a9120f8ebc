import type { Db } from '@shop/db/client'
import { paymentsDeliveries, paymentsEventRows, refunds } from '@shop/db/schema/payments'
import type { PaymentId, RefundId } from '@shop/kernel/ids'
import { and, asc, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Refund, ToldRefund } from '../domain/refund.ts'
import { refundReservations } from './reserve.ts'
import { toRefund } from './rows.ts'
import { refundSettlement } from './settle.ts'

/** Index: events_change. */
const IS_SUCCESS_SKIPPED = sql<boolean>`exists (
  select from ${paymentsEventRows} e join ${paymentsDeliveries} d on d.event_id = e.id and d.consumer = 'orders'
  where e.key = ${refunds}.payment_id and e.type = 'refund.succeeded' and e.payload->>'refundId' = ${refunds}.id
    and d.status = 'skipped')`

/** Whether another part of the same refund is pending or succeeded. */
const HAS_STANDING_PART = sql<boolean>`exists (
  select from ${refunds} other
  where (other.id = ${refunds}.part_of or other.part_of = coalesce(${refunds}.part_of, ${refunds}.id))
    and other.id <> ${refunds}.id and other.state in ('pending', 'succeeded'))`

export type RefundRepository = ReturnType<typeof refundRepository>

/** Refunds; each call is one round trip. */
export const refundRepository = (db: Db) => ({
  ...refundReservations(db),
  ...refundSettlement(db),

  async find(id: RefundId): Promise<Refund | undefined> {
    const [row] = await db.select().from(refunds).where(eq(refunds.id, id))
    return row && toRefund(row)
  },

  /** Claims pending refunds that are due, each for one caller, and postpones their next attempt. */
  async claimDue(options: { now: Date; leaseUntil: Date; limit: number }): Promise<Refund[]> {
    const due = db
      .select({ id: refunds.id })
      .from(refunds)
      .where(and(eq(refunds.state, 'pending'), lte(refunds.nextAttemptAt, options.now)))
      .orderBy(refunds.nextAttemptAt)
      .limit(options.limit)
      .for('update', { skipLocked: true })
    const claimed = await db
      .update(refunds)
      .set({ leaseUntil: options.leaseUntil, nextAttemptAt: options.leaseUntil })
      .where(inArray(refunds.id, due))
      .returning()
    return claimed.map(toRefund)
  },

  /** Records that no call to Stripe is under way for the refund, whose outcome is still unknown. */
  async endLease(id: RefundId): Promise<void> {
    await db.update(refunds).set({ leaseUntil: null }).where(eq(refunds.id, id))
  },

  /** The refunds of a payment, oldest first, by the index refunds_of_payment. */
  async ofPayment(paymentId: PaymentId): Promise<Refund[]> {
    const rows = await db
      .select()
      .from(refunds)
      .where(eq(refunds.paymentId, paymentId))
      .orderBy(asc(refunds.createdAt), asc(refunds.id))
    return rows.map(toRefund)
  },

  /** The refunds of several payments, by the index refunds_of_payment. */
  async ofPayments(paymentIds: PaymentId[]): Promise<Refund[]> {
    if (paymentIds.length === 0) return []
    const rows = await db
      .select()
      .from(refunds)
      .where(inArray(refunds.paymentId, paymentIds))
      .orderBy(asc(refunds.createdAt), asc(refunds.id))
    return rows.map(toRefund)
  },

  /** The details that orders receives with the events of refunds, by the refund's id. */
  async details(ids: string[]): Promise<Map<string, ToldRefund>> {
    if (ids.length === 0) return new Map()
    const rows = await db
      .select({ refund: refunds, isSkipped: IS_SUCCESS_SKIPPED, hasStandingPart: HAS_STANDING_PART })
      .from(refunds)
      .where(inArray(refunds.id, ids))
    return new Map(rows.map(({ refund, ...rest }) => [refund.id, { refund: toRefund(refund), ...rest }]))
  },
})
