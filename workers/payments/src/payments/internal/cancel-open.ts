import type { Payment } from '../domain/payment.ts'
import { type SettleDeps, settleIntent } from '../settle-payment.ts'
import { cancelAtStripe } from './ask-stripe.ts'

/** Whether money may still be charged for it. */
export const isOpen = ({ state }: Pick<Payment, 'state'>) => state !== 'canceled' && state !== 'succeeded'

/**
 * Cancels an open payment at Stripe, or settles that it has succeeded meanwhile.
 *
 * @returns false while a call to Stripe is in progress, whose answer must be settled first, or if Stripe does not answer
 */
export async function cancelOpenPayment(deps: SettleDeps, payment: Payment): Promise<boolean> {
  if (payment.intentId === null) return false
  const canceled = await cancelAtStripe(deps, payment.intentId)
  if (canceled === undefined) return false
  await settleIntent(deps, payment, canceled.intent, canceled.observedAt)
  return true
}
