import { type OrderId, type Payment, type PaymentId, type PaymentState, Unavailable } from '@shop/contracts'
import { and, desc, eq, inArray, isNull, lt, ne, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { payments } from '../../schema/payments.ts'
import { toPayment } from './rows.ts'

export type NewPayment = Pick<Payment, 'id' | 'orderId' | 'userId' | 'amount' | 'currency' | 'attemptMethod'> & {
  attemptUntil: Date
  createdAt: Date
}

/**
 * Starts the order's one payment, or finds the one it has: `started` tells which. One trip.
 *
 * The unique index over payments that are not canceled decides between parallel calls.
 */
export async function startPayment(db: Db, fresh: NewPayment): Promise<{ started: boolean; payment: Payment }> {
  const insert = db
    .insert(payments)
    .values({ ...fresh, state: 'starting', attempt: 1, observedAt: fresh.createdAt, updatedAt: fresh.createdAt })
    .onConflictDoNothing({ target: payments.orderId, where: sql`state <> 'canceled' and not duplicate` })
    .returning({ id: payments.id })
  const current = db
    .select()
    .from(payments)
    .where(and(eq(payments.orderId, fresh.orderId), ne(payments.state, 'canceled'), eq(payments.duplicate, false)))
  for (let round = 0; round < ROUNDS; round += 1) {
    const [inserted, [payment]] = await db.batch([insert, current])
    if (payment !== undefined) return { started: inserted.length === 1, payment: toPayment(payment) }
  }
  throw new Unavailable('payments')
}

/** How often the payment that was in the way may be canceled before it can be read. */
const ROUNDS = 3

/**
 * Takes the payment for one more call to Stripe, if nobody changed it since it was read and nobody is at it.
 *
 * @returns undefined when another caller won
 */
export async function claimAttempt(
  db: Db,
  payment: Pick<Payment, 'id' | 'version'>,
  attempt: { method: string; until: Date; now: Date },
): Promise<Payment | undefined> {
  const [claimed] = await db
    .update(payments)
    .set({
      attempt: sql`${payments.attempt} + 1`,
      attemptMethod: attempt.method,
      attemptUntil: attempt.until,
      updatedAt: attempt.now,
      version: payment.version + 1,
    })
    .where(and(eq(payments.id, payment.id), eq(payments.version, payment.version), isNull(payments.attemptUntil)))
    .returning()
  return claimed && toPayment(claimed)
}

/** Takes payments whose call to Stripe was lost (its time is over), each for one resumer. */
export async function claimLostAttempts(
  db: Db,
  options: { now: Date; until: Date; limit: number },
): Promise<Payment[]> {
  const lost = db
    .select({ id: payments.id })
    .from(payments)
    .where(lt(payments.attemptUntil, options.now))
    .orderBy(payments.attemptUntil)
    .limit(options.limit)
    .for('update', { skipLocked: true })
  const claimed = await db
    .update(payments)
    .set({ attemptUntil: options.until, version: sql`${payments.version} + 1` })
    .where(inArray(payments.id, lost))
    .returning()
  return claimed.map(toPayment)
}

/** Ends an attempt that Stripe refused before doing anything. A payment Stripe knows nothing of ends with it. */
export async function endAttempt(db: Db, payment: Pick<Payment, 'id' | 'attempt'>, now: Date): Promise<void> {
  await db
    .update(payments)
    .set({
      attemptUntil: null,
      state: sql`case when ${payments.intentId} is null then 'canceled' else ${payments.state} end`,
      updatedAt: now,
      version: sql`${payments.version} + 1`,
    })
    .where(and(eq(payments.id, payment.id), eq(payments.attempt, payment.attempt)))
}

/** Open payments nothing was heard of since `seenBefore`, longest first, each for one caller. */
export async function claimUnseen(
  db: Db,
  options: { now: Date; seenBefore: Date; states: readonly PaymentState[]; limit: number },
): Promise<Payment[]> {
  const due = db
    .select({ id: payments.id })
    .from(payments)
    .where(
      and(
        // To the letter the condition of the index payments_open.
        sql`state not in ('starting', 'succeeded', 'canceled')`,
        inArray(payments.state, [...options.states]),
        isNull(payments.attemptUntil),
        lt(payments.updatedAt, options.seenBefore),
      ),
    )
    .orderBy(payments.updatedAt)
    .limit(options.limit)
    .for('update', { skipLocked: true })
  const claimed = await db
    .update(payments)
    .set({ updatedAt: options.now, version: sql`${payments.version} + 1` })
    .where(inArray(payments.id, due))
    .returning()
  return claimed.map(toPayment)
}

export async function findPayment(db: Db, id: PaymentId): Promise<Payment | undefined> {
  const [row] = await db.select().from(payments).where(eq(payments.id, id))
  return row && toPayment(row)
}

/** The payments of an order, newest first. */
export async function paymentsOfOrder(db: Db, orderId: OrderId): Promise<Payment[]> {
  const rows = await db
    .select()
    .from(payments)
    .where(eq(payments.orderId, orderId))
    .orderBy(desc(payments.createdAt), desc(payments.id))
  return rows.map(toPayment)
}
