import type { Payment, PaymentState } from '@shop/contracts'
import { type OrderId, type PaymentId, Unavailable, type UserId } from '@shop/kernel'
import { and, desc, eq, inArray, isNull, lt, ne, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { prepared } from '../../prepared.ts'
import { paymentKeys, payments } from '../../schema/payments.ts'
import { customerOf } from './customers.ts'
import { attachAttempt, type KeyClaim } from './keys.ts'
import { toPayment } from './rows.ts'

export type NewPayment = Pick<
  Payment,
  'id' | 'orderId' | 'userId' | 'amount' | 'currency' | 'captureMethod' | 'attemptMethod'
> & {
  attemptUntil: Date
  createdAt: Date
  card?: CardHolder
}

/** Whose saved cards a call may use, and whether it is to save its card with them. */
export type CardHolder = { userId: UserId | null; saves: boolean }
const NOBODY: CardHolder = { userId: null, saves: false }

const selectCurrent = prepared((db) =>
  db
    .select()
    .from(payments)
    .where(
      and(
        eq(payments.orderId, sql.placeholder('orderId')),
        ne(payments.state, 'canceled'),
        eq(payments.duplicate, false),
      ),
    ),
)

/**
 * Starts the order's one payment, or finds the one it has: `started` tells which. One trip.
 *
 * The unique index over payments that are not canceled decides between parallel calls.
 *
 * @param key of the request, to which the attempt belongs if this starts the payment
 */
export async function startPayment(
  db: Db,
  { card = NOBODY, ...fresh }: NewPayment,
  key?: KeyClaim,
): Promise<{ started: boolean; payment: Payment }> {
  const begun = { state: 'starting', attempt: 1, observedAt: fresh.createdAt, updatedAt: fresh.createdAt } as const
  const insert = db
    .insert(payments)
    .values({ ...fresh, ...begun, stripeCustomerId: customerOf(card.userId), savesMethod: card.saves })
    .onConflictDoNothing({ target: payments.orderId, where: sql`state <> 'canceled' and not duplicate` })
    .returning({ id: payments.id })
  const current = selectCurrent(db, { orderId: fresh.orderId })
  const attach = key && db.execute(attachAttempt(key, sql`select id, attempt from ${payments} where id = ${fresh.id}`))
  for (let round = 0; round < ROUNDS; round += 1) {
    const [inserted, [payment]] = await db.batch(attach ? [insert, current, attach] : [insert, current])
    if (payment !== undefined) return { started: inserted.length === 1, payment: toPayment(payment) }
  }
  throw new Unavailable('payments')
}

/** How often the payment that was in the way may be canceled before it can be read. */
const ROUNDS = 3

/** One more call to Stripe: to confirm with a method, or to capture an amount. `key` is of the request that wants it. */
export type NewAttempt = ({ method: string; card?: CardHolder } | { captureAmount: number }) & {
  until: Date
  now: Date
  key?: KeyClaim
}

/**
 * Takes the payment for one more call to Stripe, if nobody changed it since it was read and nobody is at it.
 *
 * @returns undefined when another caller won
 */
export async function claimAttempt(
  db: Db,
  payment: Pick<Payment, 'id' | 'version'>,
  { until, now, key, ...what }: NewAttempt,
): Promise<Payment | undefined> {
  const change =
    'method' in what
      ? sql`attempt_method = ${what.method}, saves_method = ${(what.card ?? NOBODY).saves},
            stripe_customer_id = coalesce(stripe_customer_id, ${customerOf((what.card ?? NOBODY).userId)})`
      : sql`capture_amount = ${what.captureAmount}::bigint`
  const claim = db.execute(sql`
    with claimed as (
      update ${payments} set ${change}, attempt = attempt + 1, attempt_until = ${until.toISOString()}::timestamptz,
                             updated_at = ${now.toISOString()}::timestamptz, version = version + 1
      where id = ${payment.id} and version = ${payment.version}::int and attempt_until is null
      returning id, attempt
    )
    ${key === undefined ? sql.empty() : sql`, attached as (${attachAttempt(key, sql`select id, attempt from claimed`)})`}
    select id from claimed`)
  const [claimed, [row]] = await db.batch([claim, db.select().from(payments).where(eq(payments.id, payment.id))])
  return claimed.rows.length === 1 && row !== undefined ? toPayment(row) : undefined
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

/**
 * Ends an attempt that Stripe refused before doing anything. A payment Stripe knows nothing of ends with it, and the key
 * that asked for it is forgotten, so that its retry runs afresh.
 */
export async function endAttempt(db: Db, payment: Pick<Payment, 'id' | 'attempt'>, now: Date): Promise<void> {
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
  const forget = db
    .delete(paymentKeys)
    .where(
      and(eq(paymentKeys.paymentId, payment.id), eq(paymentKeys.attempt, payment.attempt), isNull(paymentKeys.answer)),
    )
  await db.batch([end, forget])
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

export async function findPaymentByIntent(db: Db, intentId: string): Promise<Payment | undefined> {
  const [row] = await db.select().from(payments).where(eq(payments.intentId, intentId))
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
