import type { Payment } from '@shop/contracts'
import type { PaymentsDeps } from '../ports.ts'
import { settleIntent } from './settle-answer.ts'

/**
 * Cancels a payment at Stripe.
 *
 * @returns false when it is not known whether it can still succeed
 */
export async function cancelIntent(deps: PaymentsDeps, payment: Payment, intentId: string): Promise<boolean> {
  const answer = await deps.provider.cancelIntent({ intentId, key: `${payment.id}:cancel:${payment.attempt}` })
  if (answer.kind === 'intent') {
    await settleIntent(deps, payment, answer.intent, deps.now())
    if (!answer.intent.state.startsWith('requires_')) return true
  }
  if (answer.kind === 'unknown') return false
  // Stripe will not cancel it: it has succeeded meanwhile, or the money is on its way and goes back when it comes.
  const askedAt = deps.now()
  const current = await deps.provider.retrieveIntent(intentId)
  if (current.kind !== 'intent') return false
  await settleIntent(deps, payment, current.intent, askedAt)
  return !current.intent.state.startsWith('requires_')
}
