import { type Db, isUniqueViolation } from '@shop/db'
import { paymentKeys, payments, paymentsOutbox, refunds } from '@shop/db/schema/payments'
import type { IdempotencyKey } from '@shop/kernel'
import { and, eq, type SQL, sql } from 'drizzle-orm'
import { PAYMENT_CAPTURED } from '../../events/repository.ts'
import { book } from '../../ledger/repository.ts'
import type { Payment } from '../../payments/domain/payment.ts'
import { toPayment } from '../../payments/repository/rows.ts'
import type { Refund } from '../domain/refund.ts'
import { toRefund } from './rows.ts'

/** `amount` in minor units; undefined stands for all that is left. Until `leaseUntil` the creator asks Stripe. */
export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'reason' | 'actor'> & {
  amount: number | undefined
  now: Date
  leaseUntil: Date
}

export type ReservedRefund =
  | { kind: 'reserved' | 'replayed'; refund: Refund }
  | { kind: 'in_flight' | 'other_request' }
  /** The payment as it is has less than the amount left. */
  | { kind: 'exceeds'; payment: Payment | undefined }

export const refundReservations = (db: Db) => ({
  /**
   * Creates a refund that staff requested: amount, refund, ledger entry and idempotency key are one statement, before
   * Stripe is asked. The same key finds the first refund.
   */
  async reserve(fresh: NewRefund, key: IdempotencyKey): Promise<ReservedRefund> {
    const isKey = and(eq(paymentKeys.scope, key.scope), eq(paymentKeys.key, key.key))
    const unless = sql`select from ${paymentKeys} where ${isKey}`
    const insert = db.execute(reservation(fresh, { dedupKey: fresh.id, unless }, insertKey(fresh, key)))
    const readKey = db
      .select({ requestHash: paymentKeys.requestHash, refund: refunds })
      .from(paymentKeys)
      .leftJoin(refunds, eq(refunds.id, paymentKeys.refundId))
      .where(isKey)
    const readPayment = db.select().from(payments).where(eq(payments.id, fresh.paymentId))
    try {
      const [, [known], [payment]] = await db.batch([insert, readKey, readPayment])
      return known ? answerOf(known, fresh, key) : { kind: 'exceeds', payment: payment && toPayment(payment) }
    } catch (error) {
      // Two requests with the key at the same moment: the statement of this one was rolled back.
      if (!isUniqueViolation(error, 'idempotency_keys_scope_key_pk')) throw error
      const [known] = await readKey
      return known ? answerOf(known, fresh, key) : { kind: 'in_flight' }
    }
  },

  /**
   * Creates the refund of all that is left of a payment whose order could not take it, and confirms the event of its
   * capture, in one statement. Done twice it finds the first refund, unless that has failed.
   *
   * @returns undefined when nothing is left
   */
  async reserveAutomatic(fresh: NewRefund): Promise<Refund | undefined> {
    const isSame = and(eq(refunds.paymentId, fresh.paymentId), eq(refunds.dedupKey, fresh.reason))
    const confirmCapture = sql`
      update ${paymentsOutbox} set confirmed_at = ${fresh.now.toISOString()}::timestamptz
      where kind = ${PAYMENT_CAPTURED} and key = ${fresh.paymentId} and confirmed_at is null`
    const unless = sql`select from ${refunds} where ${isSame}`
    const insert = db.execute(reservation(fresh, { dedupKey: fresh.reason, unless }, confirmCapture))
    const [, [row]] = await db.batch([insert, db.select().from(refunds).where(isSame)])
    return row && toRefund(row)
  },

  /** Records a refund that was made in Stripe's dashboard, once. Nothing happens where less is left of the payment. */
  async adopt(fresh: NewRefund & { stripeRefundId: string }): Promise<void> {
    const { stripeRefundId } = fresh
    const unless = sql`select from ${refunds} where stripe_refund_id = ${stripeRefundId}`
    await db.execute(reservation(fresh, { dedupKey: fresh.id, unless, stripeRefundId }, sql`select id from refund`))
  },
})

/**
 * The statement that inserts a refund and reserves its amount. `was` locks the payment, so that of concurrent refunds
 * each sees what the others have left.
 *
 * @param unless.unless a query; when it finds a row nothing is inserted
 * @param also a part of the same statement, over the rows of `refund`
 */
function reservation(
  fresh: NewRefund,
  { dedupKey, unless, stripeRefundId = null }: { dedupKey: string; unless: SQL; stripeRefundId?: string | null },
  also: SQL,
): SQL {
  const now = sql`${fresh.now.toISOString()}::timestamptz`
  const leaseUntil = sql`${fresh.leaseUntil.toISOString()}::timestamptz`
  return sql`
    with was as (
      select id, coalesce(${fresh.amount ?? null}::bigint, captured_amount - refunded_amount - reserved_amount) as wanted
      from ${payments} where id = ${fresh.paymentId} and state = 'succeeded' and not exists (${unless})
      for update
    ),
    reserved as (
      update ${payments} p set reserved_amount = p.reserved_amount + was.wanted, version = p.version + 1
      from was
      where p.id = was.id and was.wanted between 1 and p.captured_amount - p.refunded_amount - p.reserved_amount
      returning p.id, p.order_id, p.currency, was.wanted
    ),
    refund as (
      insert into ${refunds} (id, payment_id, order_id, amount, currency, state, stripe_refund_id, reason, why, actor,
                              lease_until, next_attempt_at, created_at, updated_at)
      select ${fresh.id}, id, order_id, wanted, currency, 'pending', ${stripeRefundId}::text, ${dedupKey}, ${fresh.reason},
             ${JSON.stringify(fresh.actor)}::jsonb, ${leaseUntil}, ${leaseUntil}, ${now}, ${now}
      from reserved
      returning id, payment_id, amount, currency
    ),
    booked as (${book('refund_reserved', {
      from: sql`refund`,
      about: sql`id`,
      at: now,
      amount: sql`amount`,
      currency: sql`currency`,
      paymentId: sql`payment_id`,
      refundId: sql`id`,
    })})
    ${also}`
}

function insertKey(fresh: NewRefund, key: IdempotencyKey): SQL {
  return sql`
    insert into ${paymentKeys} (scope, key, request_hash, claim, claimed_until, refund_id, created_at)
    select ${key.scope}, ${key.key}, ${key.requestHash}, id, ${fresh.leaseUntil.toISOString()}::timestamptz, id,
           ${fresh.now.toISOString()}::timestamptz
    from refund returning refund_id`
}

function answerOf(
  known: { requestHash: string; refund: typeof refunds.$inferSelect | null },
  fresh: NewRefund,
  key: IdempotencyKey,
): ReservedRefund {
  if (known.requestHash !== key.requestHash) return { kind: 'other_request' }
  if (known.refund === null) return { kind: 'in_flight' }
  const refund = toRefund(known.refund)
  if (refund.id === fresh.id) return { kind: 'reserved', refund }
  const isAsking = refund.state === 'pending' && refund.leaseUntil !== null && refund.leaseUntil > fresh.now
  return isAsking ? { kind: 'in_flight' } : { kind: 'replayed', refund }
}
