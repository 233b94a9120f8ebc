import type { Payment, PaymentAnswer, PaymentsFailure } from '@shop/contracts'
import { addSeconds, fail, ok, type Result } from '@shop/kernel'
import type { ClaimedKey, KeyClaim, PaymentsDeps } from '../ports.ts'

/** An answer; `replayed` when it was given before, for the same idempotency key. */
export type Answered<T, F> = { result: Result<T, F>; replayed: boolean }

export const answered = <T, F>(result: Result<T, F>): Answered<T, F> => ({ result, replayed: false })

/**
 * A request that has not come to an attempt in this time is taken to be dead, and the next may take its key over: three
 * times what a request may take.
 */
const CLAIM_SECONDS = 15

/** The claim of a request on its idempotency key; undefined for one without. `request` is all that may not differ. */
export async function claimOf(
  deps: PaymentsDeps,
  keyed: { scope: string; key: string | undefined; request: unknown[] },
): Promise<KeyClaim | undefined> {
  const { scope, key, request } = keyed
  if (key === undefined) return undefined
  return { scope, key, requestHash: await deps.sha256(JSON.stringify(request)), claim: deps.newClaim() }
}

export async function claimKey(deps: PaymentsDeps, claim: KeyClaim | undefined): Promise<ClaimedKey> {
  if (claim === undefined) return 'claimed'
  const now = deps.now()
  return deps.store.claimKey(claim, { now, claimedUntil: addSeconds(now, CLAIM_SECONDS) })
}

/**
 * Runs a request for its key. Where nothing was asked of Stripe nothing is kept under it, whether the request was
 * refused or lost something on the way: the retry runs afresh. A key that has come to an attempt stays with it.
 */
export async function forKey<T>(
  deps: PaymentsDeps,
  claim: KeyClaim | undefined,
  request: () => Promise<Answered<T, PaymentsFailure>>,
): Promise<Answered<T, PaymentsFailure>> {
  if (claim === undefined) return request()
  const forget = () => deps.store.dropKey(claim)
  const given = await request().catch(async (error: unknown) => {
    // Failing that, the claim runs out.
    await forget().catch(() => undefined)
    throw error
  })
  if (!given.result.ok && !given.replayed) await forget()
  return given
}

/** What is to be answered at once, because the key is not free; undefined for the request that may go on. */
export function knownAnswer(key: ClaimedKey): Answered<Payment, PaymentsFailure> | undefined {
  if (key === 'claimed') return undefined
  if (key === 'in_flight') return answered(fail({ code: 'idempotency_in_flight' }))
  if (key === 'other_request') return answered(fail({ code: 'idempotency_key_reused' }))
  return { result: readAnswer(key.payment, key.answer), replayed: true }
}

function readAnswer(payment: Payment, answer: PaymentAnswer): Result<Payment, PaymentsFailure> {
  switch (answer.kind) {
    case 'payment':
      return ok(payment)
    case 'declined':
      return fail({ code: 'payment_declined', declineCode: answer.declineCode, paymentId: payment.id })
    case 'order_cancelled':
      return fail({ code: 'order_not_payable', orderStatus: 'cancelled' })
  }
}
