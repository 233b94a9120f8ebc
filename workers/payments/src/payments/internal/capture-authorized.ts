import type { PaymentInProgress } from '@shop/contracts/payments/failures'
import { fail, type Result } from '@shop/kernel/result'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../../deps.ts'
import type { KeyClaim } from '../../idempotency/answer-once.ts'
import type { Capture } from '../domain/next-capture.ts'
import type { CallFailure, SettledPayment } from '../domain/outcome.ts'
import type { Payment } from '../domain/payment.ts'
import { type SettleDeps, settleAnswer } from '../settle-payment.ts'
import { askStripe } from './ask-stripe.ts'

export type CaptureDeps = SettleDeps & Pick<PaymentsDeps, 'attemptSeconds'>

/**
 * Captures an authorized payment, or a part of it. The amount is written first, so that the sweep can resume the call with the same
 * key and amount after a crash.
 *
 * @param capture of at most what was not captured yet
 */
export async function captureAuthorized(
  deps: CaptureDeps,
  payment: Payment,
  capture: Capture,
  key?: KeyClaim,
): Promise<Result<SettledPayment, CallFailure | PaymentInProgress>> {
  const now = deps.now()
  const until = addSeconds(now, deps.attemptSeconds)
  const claimed = await deps.payments.claimAttempt(payment, { capture, until, now, key })
  if (claimed === undefined) return fail({ code: 'payment_in_progress' })
  return settleAnswer(deps, claimed, await askStripe(deps, claimed), deps.now())
}
