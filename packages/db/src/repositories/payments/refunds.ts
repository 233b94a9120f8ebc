import type { Payment, Refund } from '@shop/contracts'
import type { IdempotencyKey, PaymentId, RefundId } from '@shop/kernel'
import { and, asc, eq, inArray, lte, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { isUniqueViolation } from '../../errors.ts'
import { paymentKeys, payments, paymentsOutbox, refunds } from '../../schema/payments.ts'
import { PAYMENT_CAPTURED } from './events.ts'
import { book } from './ledger.ts'
import { toPayment, toRefund } from './rows.ts'

export type NewRefund = Pick<Refund, 'id' | 'paymentId' | 'reason' | 'actor'> & {
  /** Minor units; null is all that is left. */
  amount: number | null
  now: Date
  /** Until when whoever resolves it is the one who asks Stripe. */
  leaseUntil: Date
}

/**
 * The insert of a refund, whose amount it reserves: `was` locks the payment, so that of refunds at once each sees what
 * the others have left.
 *
 * @param also what belongs to the same statement, over the rows of `refund`
 */
function reserve(fresh: NewRefund, extra: { slot: string; columns: SQL; values: SQL; unless: SQL }, also: SQL): SQL {
  const now = sql`${fresh.now.toISOString()}::timestamptz`
  const leaseUntil = sql`${fresh.leaseUntil.toISOString()}::timestamptz`
  return sql`
    with was as (
      select id, coalesce(${fresh.amount}::bigint, captured_amount - refunded_amount - reserved_amount) as wanted
      from ${payments} where id = ${fresh.paymentId} and state = 'succeeded' and not exists (${extra.unless})
      for update
    ),
    reserved as (
      update ${payments} p set reserved_amount = p.reserved_amount + was.wanted, version = p.version + 1
      from was
      where p.id = was.id and was.wanted between 1 and p.captured_amount - p.refunded_amount - p.reserved_amount
      returning p.id, p.order_id, p.currency, was.wanted
    ),
    refund as (
      insert into ${refunds} (id, payment_id, order_id, amount, currency, state, reason, why, actor, lease_until,
                              next_attempt_at, created_at, updated_at ${extra.columns})
      select ${fresh.id}, id, order_id, wanted, currency, 'pending', ${extra.slot}, ${fresh.reason}, ${JSON.stringify(fresh.actor)}::jsonb,
             ${leaseUntil}, ${leaseUntil}, ${now}, ${now} ${extra.values}
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

export type ReservedRefund =
  | { kind: 'reserved' | 'replayed'; refund: Refund }
  | { kind: 'in_flight' | 'other_request' }
  /** `payment` as it is: less than that is left of it. */
  | { kind: 'exceeds'; payment: Payment | undefined }

/**
 * Resolves a refund that somebody asked for: amount, refund, ledger and idempotency key are one statement, before Stripe
 * is asked. The same key finds the first refund.
 */
export async function reserveRefund(db: Db, fresh: NewRefund, key: IdempotencyKey): Promise<ReservedRefund> {
  const isKey = and(eq(paymentKeys.scope, key.scope), eq(paymentKeys.key, key.key))
  const insert = db.execute(
    reserve(
      fresh,
      {
        slot: fresh.id,
        columns: sql.empty(),
        values: sql.empty(),
        unless: sql`select from ${paymentKeys} where ${isKey}`,
      },
      sql`insert into ${paymentKeys} (scope, key, request_hash, claim, claimed_until, refund_id, created_at)
        select ${key.scope}, ${key.key}, ${key.requestHash}, id, ${fresh.leaseUntil.toISOString()}::timestamptz, id,
               ${fresh.now.toISOString()}::timestamptz
        from refund returning refund_id`,
    ),
  )
  const readKey = db
    .select({ requestHash: paymentKeys.requestHash, refund: refunds })
    .from(paymentKeys)
    .leftJoin(refunds, eq(refunds.id, paymentKeys.refundId))
    .where(isKey)
  const readPayment = db.select().from(payments).where(eq(payments.id, fresh.paymentId))
  try {
    const [, [known], [payment]] = await db.batch([insert, readKey, readPayment])
    return known ? whatKeySays(known, fresh, key) : { kind: 'exceeds', payment: payment && toPayment(payment) }
  } catch (error) {
    // Two requests with the key at the same moment: what this one has reserved went back with its statement.
    if (!isUniqueViolation(error, 'idempotency_keys_scope_key_pk')) throw error
    const [known] = await readKey
    return known ? whatKeySays(known, fresh, key) : { kind: 'in_flight' }
  }
}

function whatKeySays(
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

/**
 * Resolves to give back, without anybody asking, what is left of a payment, and is done with its capture: one
 * statement. Resolving twice for one reason finds the first refund, unless that has failed.
 *
 * @returns undefined when nothing is left
 */
export async function resolveRefund(db: Db, fresh: NewRefund): Promise<Refund | undefined> {
  const isIt = and(eq(refunds.paymentId, fresh.paymentId), eq(refunds.slot, fresh.reason))
  const extra = {
    slot: fresh.reason,
    columns: sql.empty(),
    values: sql.empty(),
    unless: sql`select from ${refunds} where ${isIt}`,
  }
  const insert = db.execute(
    reserve(
      fresh,
      extra,
      sql`update ${paymentsOutbox} set confirmed_at = ${fresh.now.toISOString()}::timestamptz
        where kind = ${PAYMENT_CAPTURED} and key = ${fresh.paymentId} and confirmed_at is null`,
    ),
  )
  const read = db.select().from(refunds).where(isIt)
  const [, [row]] = await db.batch([insert, read])
  return row && toRefund(row)
}

/** Writes down a refund that somebody made at Stripe itself, once. Nothing happens where so much is not left here. */
export async function adoptRefund(db: Db, fresh: NewRefund & { stripeRefundId: string }): Promise<void> {
  const { stripeRefundId } = fresh
  const extra = {
    slot: fresh.id,
    columns: sql`, stripe_refund_id`,
    values: sql`, ${stripeRefundId}`,
    unless: sql`select from ${refunds} where stripe_refund_id = ${stripeRefundId}`,
  }
  await db.execute(reserve(fresh, extra, sql`select id from refund`))
}

/** Takes pending refunds that are due, each for one caller, and puts their next attempt off. */
export async function claimRefunds(db: Db, options: { now: Date; leaseUntil: Date; limit: number }): Promise<Refund[]> {
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
}

/** Says that nobody is asking Stripe for the refund now, though what came of it is not known. */
export async function endRefundLease(db: Db, id: RefundId): Promise<void> {
  await db.update(refunds).set({ leaseUntil: null }).where(eq(refunds.id, id))
}

export async function findRefund(db: Db, id: RefundId): Promise<Refund | undefined> {
  const [row] = await db.select().from(refunds).where(eq(refunds.id, id))
  return row && toRefund(row)
}

/** The refunds of a payment, oldest first, by the index refunds_of_payment. */
export async function refundsOfPayment(db: Db, paymentId: PaymentId): Promise<Refund[]> {
  const rows = await db
    .select()
    .from(refunds)
    .where(eq(refunds.paymentId, paymentId))
    .orderBy(asc(refunds.createdAt), asc(refunds.id))
  return rows.map(toRefund)
}
