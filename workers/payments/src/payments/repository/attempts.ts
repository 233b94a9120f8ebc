import type { PaymentState } from '@shop/contracts'
import type { Db } from '@shop/db'
import { paymentKeys, payments } from '@shop/db/schema/payments'
import { Unavailable } from '@shop/kernel'
import { and, eq, inArray, isNull, lt, ne, sql } from 'drizzle-orm'
import { attachAttempt, type KeyClaim } from '../../idempotency/repository.ts'
import type { CardOwner } from '../../saved-methods/domain/saved-method.ts'
import { customerOf } from '../../saved-methods/repository.ts'
import type { Payment } from '../domain/payment.ts'
import { toPayment } from './rows.ts'

export type NewPayment = Pick<
  Payment,
  'id' | 'orderId' | 'userId' | 'amount' | 'currency' | 'captureMethod' | 'attemptMethod' | 'createdAt'
> & { attemptUntil: Date; cards: CardOwner }

/** One more call to Stripe: to confirm with a method, or to capture an amount. `key` is of the request that wants it. */
export type NewAttempt = ({ method: string; cards: CardOwner } | { captureAmount: number }) & {
  until: Date
  now: Date
  key?: KeyClaim | undefined
}

/** How often the payment that was in the way may be canceled before it can be read. */
const ROUNDS = 3

export const paymentAttempts = (db: Db) => ({
  /**
   * Starts the order's one payment, or finds the one it has; `started` tells which. One round trip.
   *
   * The unique index over payments that are not canceled decides between parallel calls.
   *
   * @param key of the request, which gets the attempt if this starts the payment
   */
  async start({ cards, ...fresh }: NewPayment, key?: KeyClaim): Promise<{ started: boolean; payment: Payment }> {
    const insert = db
      .insert(payments)
      .values({
        ...fresh,
        state: 'starting',
        attempt: 1,
        observedAt: fresh.createdAt,
        updatedAt: fresh.createdAt,
        stripeCustomerId: customerOf(cards.userId),
        savesMethod: cards.saves,
      })
      .onConflictDoNothing({ target: payments.orderId, where: sql`state <> 'canceled' and not duplicate` })
      .returning({ id: payments.id })
    const isCurrent = and(eq(payments.orderId, fresh.orderId), ne(payments.state, 'canceled'))
    const current = db
      .select()
      .from(payments)
      .where(and(isCurrent, eq(payments.duplicate, false)))
    const attach =
      key && db.execute(attachAttempt(key, sql`select id, attempt from ${payments} where id = ${fresh.id}`))
    for (let round = 0; round < ROUNDS; round += 1) {
      const [inserted, [payment]] = await db.batch(attach ? [insert, current, attach] : [insert, current])
      if (payment !== undefined) return { started: inserted.length === 1, payment: toPayment(payment) }
    }
    throw new Unavailable('payments')
  },

  /**
   * Claims the payment for one more call to Stripe, if nobody changed it since it was read and no call is under way.
   *
   * @returns undefined when another caller won
   */
  async claimAttempt(
    payment: Pick<Payment, 'id' | 'version'>,
    { until, now, key, ...what }: NewAttempt,
  ): Promise<Payment | undefined> {
    const change =
      'method' in what
        ? sql`attempt_method = ${what.method}, saves_method = ${what.cards.saves},
              stripe_customer_id = coalesce(stripe_customer_id, ${customerOf(what.cards.userId)})`
        : sql`capture_amount = ${what.captureAmount}::bigint`
    const attached = key && sql`, attached as (${attachAttempt(key, sql`select id, attempt from claimed`)})`
    const claim = db.execute(sql`
      with claimed as (
        update ${payments} set ${change}, attempt = attempt + 1, attempt_until = ${until.toISOString()}::timestamptz,
                               updated_at = ${now.toISOString()}::timestamptz, version = version + 1
        where id = ${payment.id} and version = ${payment.version}::int and attempt_until is null
        returning id, attempt
      )
      ${attached ?? sql.empty()}
      select id from claimed`)
    const [claimed, [row]] = await db.batch([claim, db.select().from(payments).where(eq(payments.id, payment.id))])
    return claimed.rows.length === 1 && row !== undefined ? toPayment(row) : undefined
  },

  /**
   * Ends an attempt that Stripe refused before doing anything. A payment without a PaymentIntent ends with it, and the
   * key of the request is released, so that a retry runs afresh.
   */
  async endAttempt(payment: Pick<Payment, 'id' | 'attempt'>, now: Date): Promise<void> {
    const end = db
      .update(payments)
      .set({
        attemptUntil: null,
        captureAmount: null,
        state: sql`case when ${payments.intentId} is null then 'canceled' else ${payments.state} end`,
        updatedAt: now,
        version: sql`${payments.version} + 1`,
      })
      .where(and(eq(payments.id, payment.id), eq(payments.attempt, payment.attempt)))
    const isUnanswered = and(eq(paymentKeys.attempt, payment.attempt), isNull(paymentKeys.answer))
    const release = db.delete(paymentKeys).where(and(eq(paymentKeys.paymentId, payment.id), isUnanswered))
    await db.batch([end, release])
  },

  /** Claims payments whose call to Stripe was lost (its time is over), each for one caller. */
  async claimLostAttempts(options: { now: Date; until: Date; limit: number }): Promise<Payment[]> {
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
  },

  /** Claims open payments without news since `seenBefore`, longest first, each for one caller. */
  async claimUnseen(options: {
    now: Date
    seenBefore: Date
    states: readonly PaymentState[]
    limit: number
  }): Promise<Payment[]> {
    const due = db
      .select({ id: payments.id })
      .from(payments)
      .where(
        and(
          // Exactly the condition of the index payments_open.
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
  },
})
