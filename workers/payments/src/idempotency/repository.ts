import type { Db } from '@shop/db'
import { paymentKeys, payments } from '@shop/db/schema/payments'
import { addSeconds, type IdempotencyKey } from '@shop/kernel'
import { and, eq, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import { outcomeOf, type PaymentOutcome, type SettledPayment } from '../payments/domain/outcome.ts'
import type { Payment } from '../payments/domain/payment.ts'
import { toPayment } from '../payments/repository/rows.ts'

/** `claim` names this request among those with the key: only it can attach something to the key. */
export type KeyClaim = IdempotencyKey & { claim: string }

/** What a key says: this request may go on, another one is running, another request has used it, or its first answer. */
export type ClaimedKey = 'claimed' | 'in_flight' | 'other_request' | SettledPayment

/** Twice the day that clients are promised. */
const KEEP_SECONDS = 48 * 3_600
const PRUNE_BATCH = 1_000

export type KeyRepository = ReturnType<typeof keyRepository>

/** Idempotency keys of requests that move a payment; each call is one round trip. */
export const keyRepository = (db: Db) => ({
  /**
   * Claims the key of a request, or tells what became of the first request with it.
   *
   * @param times.claimedUntil after this a request that has attached no payment may be taken over
   */
  async claim(claim: KeyClaim, times: { now: Date; claimedUntil: Date }): Promise<ClaimedKey> {
    const insert = db
      .insert(paymentKeys)
      .values({ ...claim, createdAt: times.now, claimedUntil: times.claimedUntil })
      .onConflictDoUpdate({
        target: [paymentKeys.scope, paymentKeys.key],
        set: { claim: claim.claim, claimedUntil: times.claimedUntil },
        setWhere: sql`${paymentKeys.paymentId} is null and ${paymentKeys.refundId} is null
          and ${paymentKeys.claimedUntil} < ${times.now.toISOString()}::timestamptz and ${paymentKeys.requestHash} = ${claim.requestHash}`,
      })
      .returning({ claim: paymentKeys.claim })
    // A statement does not see a row that was committed after it began, though it conflicts with it.
    const read = db
      .select({ key: paymentKeys, payment: payments })
      .from(paymentKeys)
      .leftJoin(payments, eq(payments.id, paymentKeys.paymentId))
      .where(isKey(claim))
    const [claimed, [known]] = await db.batch([insert, read])
    if (claimed.length === 1) return 'claimed'
    if (known === undefined) return 'in_flight'
    if (known.key.requestHash !== claim.requestHash) return 'other_request'
    return known.payment === null ? 'in_flight' : answerOf(known.key, toPayment(known.payment))
  },

  /** Releases a claim without a payment, so that a retry of the refused request runs afresh. */
  async release(claim: KeyClaim): Promise<void> {
    const isUnused = and(isNull(paymentKeys.paymentId), isNull(paymentKeys.refundId))
    await db.delete(paymentKeys).where(and(isKey(claim), eq(paymentKeys.claim, claim.claim), isUnused))
  },

  /** Stores the answer of a request, where Stripe's reply alone does not say it. */
  async answer(claim: KeyClaim, { payment, outcome }: SettledPayment): Promise<void> {
    await db
      .update(paymentKeys)
      .set({ paymentId: payment.id, answer: outcome })
      .where(and(isKey(claim), eq(paymentKeys.claim, claim.claim)))
  },

  /** Deletes keys after two days, oldest first, by the index idempotency_keys_age. */
  async prune(now: Date): Promise<number> {
    const old = db
      .select({ scope: paymentKeys.scope, key: paymentKeys.key })
      .from(paymentKeys)
      .where(lt(paymentKeys.createdAt, addSeconds(now, -KEEP_SECONDS)))
      .orderBy(paymentKeys.createdAt)
      .limit(PRUNE_BATCH)
    const pruned = await db
      .delete(paymentKeys)
      .where(inArray(sql`(${paymentKeys.scope}, ${paymentKeys.key})`, old))
      .returning({ key: paymentKeys.key })
    return pruned.length
  },
})

const isKey = ({ scope, key }: IdempotencyKey) => and(eq(paymentKeys.scope, scope), eq(paymentKeys.key, key))

/** A call whose reply was lost has no stored answer: when it is over, the state of the payment is its answer. */
function answerOf(key: typeof paymentKeys.$inferSelect, payment: Payment): ClaimedKey {
  // Written from a PaymentOutcome, and by nothing else.
  if (key.answer !== null) return { payment, outcome: key.answer as PaymentOutcome }
  if (payment.attempt !== key.attempt) return { payment, outcome: { kind: 'pending' } }
  return payment.attemptUntil !== null ? 'in_flight' : { payment, outcome: outcomeOf(payment) }
}

/** The UPDATE that attaches the attempt of a payment to the key of its request; `attempt` selects id and attempt. */
export function attachAttempt(claim: KeyClaim, attempt: SQL): SQL {
  return sql`
    update ${paymentKeys} k set payment_id = a.id, attempt = a.attempt
    from (${attempt}) a
    where k.scope = ${claim.scope} and k.key = ${claim.key} and k.claim = ${claim.claim} and k.payment_id is null`
}

/** The UPDATE that stores the outcome of an attempt with the key of its request, if it had one. */
export function answerAttempt(attempt: { paymentId: string; attempt: number }, outcome: PaymentOutcome): SQL {
  return sql`
    update ${paymentKeys} set answer = ${JSON.stringify(outcome)}::jsonb
    where payment_id = ${attempt.paymentId} and attempt = ${attempt.attempt}::int and answer is null`
}
