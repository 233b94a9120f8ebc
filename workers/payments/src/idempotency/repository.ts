import type { Db } from '@shop/db/client'
import { answerKey, attachSubject, dropClaim, type KeyClaim, keyClaims, pruneKeys } from '@shop/db/idempotency-keys'
import { paymentKeys, payments } from '@shop/db/schema/payments'
import { type SQL, sql } from 'drizzle-orm'
import { outcomeOf, type PaymentOutcome, type SettledPayment } from '../payments/domain/outcome.ts'
import type { Payment } from '../payments/domain/payment.ts'
import { toPaymentFromJson } from '../payments/repository/rows.ts'

export type { KeyClaim } from '@shop/db/idempotency-keys'

/**
 * The state of a key: this request may proceed, another one is running, another request has used it, or its first
 * answer.
 */
export type KeyState = 'claimed' | 'in_flight' | 'other_request' | SettledPayment

export type KeyRepository = ReturnType<typeof keyRepository>

const claimKey = keyClaims<Record<string, unknown>>(
  paymentKeys,
  sql`select to_jsonb(p) from ${payments} p where p.id = known.subject`,
)

/** Idempotency keys of requests that move a payment; each call is one round trip. */
export const keyRepository = (db: Db) => ({
  /**
   * Claims the key of a request, or returns the outcome of the first request with it.
   *
   * @param times.claimedUntil after this a request that has attached no payment may be taken over
   */
  async claim(claim: KeyClaim, times: { now: Date; claimedUntil: Date }): Promise<KeyState> {
    const claimed = await claimKey(db, claim, times)
    return claimed.kind === 'known' ? answerOf(claimed, toPaymentFromJson(claimed.subject)) : claimed.kind
  },

  /** Releases a claim without a payment, so that a retry of the refused request runs afresh. */
  release: (claim: KeyClaim): Promise<void> => dropClaim(db, paymentKeys, claim),

  /** Stores the answer of a request, where Stripe's reply alone does not say it. */
  answer: (claim: KeyClaim, { payment, outcome }: SettledPayment): Promise<void> =>
    answerKey(db, paymentKeys, claim, { subject: payment.id, answer: outcome }),

  /** Deletes keys after two days, which is twice what clients are promised. */
  prune: (now: Date): Promise<number> => pruneKeys(db, paymentKeys, now),
})

/** A call whose reply was lost has no stored answer: when it is over, the state of the payment is its answer. */
function answerOf(key: { attempt: number | null; answer: unknown }, payment: Payment): KeyState {
  // Written from a PaymentOutcome, and by nothing else.
  if (key.answer !== null) return { payment, outcome: key.answer as PaymentOutcome }
  if (payment.attempt !== key.attempt) return { payment, outcome: { kind: 'pending' } }
  return payment.attemptUntil !== null ? 'in_flight' : { payment, outcome: outcomeOf(payment) }
}

/**
 * Statement part: attaches the attempt of a payment to the claim of its request, if the claim still holds. For a
 * statement with the placeholders scope, key and claim.
 *
 * @param payment a CTE that returns one row of payments, or none
 */
export const attachAttempt = (payment: SQL): SQL =>
  attachSubject(
    paymentKeys,
    {
      scope: sql`${sql.placeholder('scope')}`,
      key: sql`${sql.placeholder('key')}`,
      claim: sql`${sql.placeholder('claim')}`,
    },
    { subject: sql`(select id from ${payment})`, attempt: sql`(select attempt from ${payment})` },
  )

/** Statement part: stores the outcome of an attempt with the key of its request, if it had one. */
export const answerAttempt = ({
  paymentId,
  attempt,
  outcome,
}: {
  paymentId: SQL
  attempt: SQL
  outcome: SQL
}): SQL => sql`
  update ${paymentKeys} set answer = ${outcome}
  where subject = ${paymentId} and attempt = ${attempt} and answer is null`
