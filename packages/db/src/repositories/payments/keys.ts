import type { Payment, PaymentAnswer } from '@shop/contracts'
import type { IdempotencyKey } from '@shop/kernel'
import { and, eq, inArray, isNull, lt, type SQL, sql } from 'drizzle-orm'
import type { Db } from '../../client.ts'
import { paymentKeys, payments } from '../../schema/payments.ts'
import { toPayment } from './rows.ts'

/** `claim` names this request among those with the key: only it can attach something to the key. */
export type KeyClaim = IdempotencyKey & { claim: string }

/** What a key says: this request may go on, somebody is at it, another request has used it, or its first answer. */
export type ClaimedKey = 'claimed' | 'in_flight' | 'other_request' | { payment: Payment; answer: PaymentAnswer }

const isKey = ({ scope, key }: IdempotencyKey) => and(eq(paymentKeys.scope, scope), eq(paymentKeys.key, key))

/**
 * Takes the key of a request that asks Stripe to move a payment, or tells what became of it. One trip.
 *
 * @param times.claimedUntil after this a request that has attached no payment may be taken over
 */
export async function claimPaymentKey(
  db: Db,
  claim: KeyClaim,
  times: { now: Date; claimedUntil: Date },
): Promise<ClaimedKey> {
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
}

/** A call whose reply was lost has no answer of its own: once it is over, what became of the payment is one. */
function answerOf(key: typeof paymentKeys.$inferSelect, payment: Payment): ClaimedKey {
  // Written from a PaymentAnswer, and by nothing else.
  if (key.answer !== null) return { payment, answer: key.answer as PaymentAnswer }
  const isLast = payment.attempt === key.attempt
  if (isLast && payment.attemptUntil !== null) return 'in_flight'
  const declineCode = isLast && payment.state === 'requires_payment_method' ? payment.declineCode : null
  return { payment, answer: declineCode === null ? { kind: 'payment' } : { kind: 'declined', declineCode } }
}

/** Forgets a claim that came to nothing, so that the retry of a refused request runs afresh. */
export async function dropPaymentKey(db: Db, claim: KeyClaim): Promise<void> {
  await db
    .delete(paymentKeys)
    .where(
      and(
        isKey(claim),
        eq(paymentKeys.claim, claim.claim),
        isNull(paymentKeys.paymentId),
        isNull(paymentKeys.refundId),
      ),
    )
}

/** Keeps the answer of a request, where the reply of Stripe alone does not say it. */
export async function answerPaymentKey(
  db: Db,
  claim: KeyClaim,
  answered: { paymentId: string; answer: PaymentAnswer },
): Promise<void> {
  await db
    .update(paymentKeys)
    .set(answered)
    .where(and(isKey(claim), eq(paymentKeys.claim, claim.claim)))
}

/** The update that attaches the attempt of a payment to the key that asked for it; `attempt` selects id and attempt. */
export function attachAttempt(claim: KeyClaim, attempt: SQL): SQL {
  return sql`
    update ${paymentKeys} k set payment_id = a.id, attempt = a.attempt
    from (${attempt}) a
    where k.scope = ${claim.scope} and k.key = ${claim.key} and k.claim = ${claim.claim} and k.payment_id is null`
}

/** The update that keeps what came of an attempt with the key that asked for it, if one did. */
export function answerAttempt(attempt: { paymentId: string; attempt: number }, answer: PaymentAnswer): SQL {
  return sql`
    update ${paymentKeys} set answer = ${JSON.stringify(answer)}::jsonb
    where payment_id = ${attempt.paymentId} and attempt = ${attempt.attempt}::int and answer is null`
}

/** Twice the day that clients are promised. */
const KEEP_HOURS = 48
const PRUNE_BATCH = 1_000

export async function prunePaymentKeys(db: Db, now: Date): Promise<number> {
  const before = new Date(now.getTime() - KEEP_HOURS * 3_600_000)
  const old = db
    .select({ scope: paymentKeys.scope, key: paymentKeys.key })
    .from(paymentKeys)
    .where(lt(paymentKeys.createdAt, before))
    .orderBy(paymentKeys.createdAt)
    .limit(PRUNE_BATCH)
  const pruned = await db
    .delete(paymentKeys)
    .where(inArray(sql`(${paymentKeys.scope}, ${paymentKeys.key})`, old))
    .returning({ key: paymentKeys.key })
  return pruned.length
}
