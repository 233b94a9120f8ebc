import type { OrderId, PaymentId, Refund, RefundState } from '@shop/contracts'
import { and, eq, inArray, lte, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { payments, paymentsOutbox, refunds } from '../../schema/payments.ts'
import { toRefund } from './rows.ts'
import { PAYMENT_CAPTURED } from './state.ts'

export const PAYMENT_REFUNDED = 'payment.refunded'

export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'reason'> & { now: Date; nextAttemptAt: Date }

/**
 * Resolves to give a captured payment back, and is done with its capture: one statement. Resolving twice for one
 * reason finds the first refund.
 */
export async function resolveRefund(db: Db, fresh: NewRefund): Promise<Refund> {
  const now = fresh.now.toISOString()
  const insert = db.execute(sql`
    with refund as (
      insert into ${refunds} (id, payment_id, order_id, amount, currency, state, reason, next_attempt_at, created_at, updated_at)
      select ${fresh.id}, id, order_id, amount, currency, 'pending', ${fresh.reason},
             ${fresh.nextAttemptAt.toISOString()}::timestamptz, ${now}::timestamptz, ${now}::timestamptz
      from ${payments} where id = ${fresh.paymentId} and state = 'succeeded'
      on conflict (payment_id, reason) do nothing
    )
    update ${paymentsOutbox} set confirmed_at = ${now}::timestamptz
    where kind = ${PAYMENT_CAPTURED} and key = ${fresh.paymentId} and confirmed_at is null`)
  const read = db
    .select()
    .from(refunds)
    .where(and(eq(refunds.paymentId, fresh.paymentId), eq(refunds.reason, fresh.reason)))
  const [, [row]] = await db.batch([insert, read])
  if (row === undefined) throw new Error(`No captured payment ${fresh.paymentId} to refund`)
  return toRefund(row)
}

/** Takes pending refunds that are due, each for one caller, and puts their next attempt off. */
export async function claimRefunds(
  db: Db,
  options: { now: Date; nextAttemptAt: Date; limit: number },
): Promise<Refund[]> {
  const due = db
    .select({ id: refunds.id })
    .from(refunds)
    .where(and(eq(refunds.state, 'pending'), lte(refunds.nextAttemptAt, options.now)))
    .orderBy(refunds.nextAttemptAt)
    .limit(options.limit)
    .for('update', { skipLocked: true })
  const claimed = await db
    .update(refunds)
    .set({ nextAttemptAt: options.nextAttemptAt })
    .where(inArray(refunds.id, due))
    .returning()
  return claimed.map(toRefund)
}

/** Saves what became of a pending refund; one that succeeded is announced to orders in the same statement. */
export async function saveRefund(
  db: Db,
  refund: Pick<Refund, 'id'> & { state: RefundState; stripeRefundId: string | null; now: Date },
): Promise<void> {
  const now = refund.now.toISOString()
  await db.execute(sql`
    with settled as (
      update ${refunds}
      set state = ${refund.state}, stripe_refund_id = ${refund.stripeRefundId}, updated_at = ${now}::timestamptz
      where id = ${refund.id} and state = 'pending'
      returning id, payment_id, order_id, state
    )
    insert into ${paymentsOutbox} (kind, key, payload, created_at, next_attempt_at)
    select ${PAYMENT_REFUNDED}, id, jsonb_build_object('orderId', order_id, 'paymentId', payment_id),
           ${now}::timestamptz, ${now}::timestamptz + interval '10 seconds'
    from settled where state = 'succeeded'
    on conflict (kind, key) do nothing`)
}

export type RefundedPayment = { orderId: OrderId; paymentId: PaymentId }
