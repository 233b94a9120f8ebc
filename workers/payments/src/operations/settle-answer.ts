import type { Payment, PaymentsFailure } from '@shop/contracts'
import { fail, ok, type Result } from '@shop/kernel'
import type { Intent, PaymentsDeps, ProviderAnswer } from '../ports.ts'
import { followUp, type Settled } from './follow-up.ts'

/**
 * Writes down what Stripe answered and, when the money came, tells orders. Used by the API's reply and by the sweep
 * alike; what is not settled here (an unknown answer, orders down) the sweep settles.
 *
 * @param observedAt when Stripe was in the state it tells: for a look, when it was asked; for an act, when it answered
 */
export async function settleAnswer(
  deps: PaymentsDeps,
  payment: Payment,
  answer: ProviderAnswer,
  observedAt: Date,
): Promise<Result<Settled, PaymentsFailure>> {
  if (answer.kind === 'unknown' || answer.kind === 'busy') return fail({ code: 'payment_provider_unavailable' })
  if (answer.kind === 'refused') {
    await deps.store.endAttempt(payment, deps.now())
    return fail({ code: answer.reason })
  }
  const settled = await settleIntent(deps, payment, answer.intent, observedAt)
  if (answer.kind !== 'declined' || settled.outcome === 'paid') return ok(settled)
  return fail({ code: 'payment_declined', declineCode: answer.declineCode, paymentId: payment.id })
}

/** The same for a PaymentIntent that was asked for, whatever the call was. */
export async function settleIntent(
  deps: PaymentsDeps,
  payment: Payment,
  intent: Intent,
  observedAt: Date,
): Promise<Settled> {
  const { id: paymentId, attempt } = payment
  const applied = await deps.store.applyState({ ...intent, paymentId, attempt, observedAt })
  if (applied === undefined) throw new Error(`There is no payment ${paymentId}`)
  return followUp(deps, applied.payment)
}
