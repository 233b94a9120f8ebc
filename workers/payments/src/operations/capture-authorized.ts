import type { Payment, PaymentsFailure } from '@shop/contracts'
import { addSeconds, fail, type Result } from '@shop/kernel'
import type { KeyClaim, PaymentsDeps } from '../ports.ts'
import { askStripe } from './ask-stripe.ts'
import type { Settled } from './follow-up.ts'
import { settleAnswer } from './settle-answer.ts'

/**
 * Captures an authorized payment, or a part of it, which lets the rest go. What will be asked of Stripe is written
 * first, so a crash anywhere is resumed by the sweep with the same key and amount.
 *
 * @param amount in minor units, 1 to the payment's
 */
export async function captureAuthorized(
  deps: PaymentsDeps,
  payment: Payment,
  amount: number,
  key?: KeyClaim,
): Promise<Result<Settled, PaymentsFailure>> {
  const now = deps.now()
  const attempt = { captureAmount: amount, until: addSeconds(now, deps.attemptSeconds), now }
  const claimed = await deps.store.claimAttempt(payment, key === undefined ? attempt : { ...attempt, key })
  if (claimed === undefined) return fail({ code: 'payment_in_progress' })
  return settleAnswer(deps, claimed, await askStripe(deps, claimed), deps.now())
}
