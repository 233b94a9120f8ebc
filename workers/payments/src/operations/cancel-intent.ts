import type { Payment } from '@shop/contracts'
import type { Intent, PaymentsDeps } from '../ports.ts'
import { settleIntent } from './settle-answer.ts'

/**
 * Cancels a payment at Stripe.
 *
 * @returns false when it is not known whether it can still succeed
 */
export async function cancelIntent(deps: PaymentsDeps, payment: Payment, intentId: string): Promise<boolean> {
  const answer = await deps.provider.cancelIntent(intentId)
  if (answer.kind === 'intent' && (await settleCalledOff(deps, payment, answer.intent, deps.now()))) return true
  if (answer.kind === 'unknown') return false
  // Stripe will not cancel it: it has succeeded meanwhile, or the money is on its way and goes back when it comes.
  const askedAt = deps.now()
  const current = await deps.provider.retrieveIntent(intentId)
  return current.kind === 'intent' && settleCalledOff(deps, payment, current.intent, askedAt)
}

/** @returns whether the payment can no longer succeed unseen */
async function settleCalledOff(deps: PaymentsDeps, payment: Payment, intent: Intent, observedAt: Date) {
  // Orders does not want this authorization: it is not offered again.
  if (intent.state !== 'requires_capture') await settleIntent(deps, payment, intent, observedAt)
  return !intent.state.startsWith('requires_')
}
