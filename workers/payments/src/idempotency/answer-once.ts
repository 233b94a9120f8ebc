import type { PaymentsFailure } from '@shop/contracts/payments/failures'
import { sha256Hex } from '@shop/kernel/hash'
import { fail, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { toResult } from '../payments/domain/outcome.ts'
import type { Payment } from '../payments/domain/payment.ts'
import type { KeyClaim, KeyState } from './repository.ts'

export type { KeyClaim } from './repository.ts'

/** An answer; `replayed` when it repeats the first answer of an idempotency key. */
export type Answered<T, F> = { result: Result<T, F>; replayed: boolean }

export const firstAnswer = <T, F>(result: Result<T, F>): Answered<T, F> => ({ result, replayed: false })

/**
 * A request that has attached no payment within this time counts as dead, and the next may take over its key: three
 * times the longest duration of a request.
 */
const CLAIM_SECONDS = 15

/** The claim of a request on its key; undefined without a key. `request` is everything that a repetition must repeat. */
export async function claimOf(
  deps: Pick<PaymentsDeps, 'newClaim'>,
  { scope, key, request }: { scope: string; key: string | undefined; request: unknown[] },
): Promise<KeyClaim | undefined> {
  if (key === undefined) return undefined
  return { scope, key, requestHash: await sha256Hex(JSON.stringify(request)), claim: deps.newClaim() }
}

export async function claimKey(
  deps: Pick<PaymentsDeps, 'keys' | 'now'>,
  claim: KeyClaim | undefined,
): Promise<KeyState> {
  if (claim === undefined) return 'claimed'
  const now = deps.now()
  return deps.keys.claim(claim, { now, claimedUntil: addSeconds(now, CLAIM_SECONDS) })
}

/**
 * Runs a request and releases its key when it failed, so that a retry runs afresh. A key that has a payment keeps it:
 * its answer is repeated.
 */
export async function releasingOnFailure<T>(
  deps: Pick<PaymentsDeps, 'keys'>,
  claim: KeyClaim | undefined,
  request: () => Promise<Answered<T, PaymentsFailure>>,
): Promise<Answered<T, PaymentsFailure>> {
  if (claim === undefined) return request()
  const answer = await request().catch(async (error: unknown) => {
    // If this fails too, the claim expires.
    await deps.keys.release(claim).catch(() => undefined)
    throw error
  })
  if (!answer.result.ok && !answer.replayed) await deps.keys.release(claim)
  return answer
}

/** The answer of a request whose key is not free; undefined for one that may go on. */
export function knownAnswer(key: KeyState): Answered<Payment, PaymentsFailure> | undefined {
  if (key === 'claimed') return undefined
  if (key === 'in_flight') return firstAnswer(fail({ code: 'idempotency_in_flight' }))
  if (key === 'other_request') return firstAnswer(fail({ code: 'idempotency_key_reused' }))
  return { result: toResult(key), replayed: true }
}
