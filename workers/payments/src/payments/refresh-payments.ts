import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { forEachItem } from '../jobs/for-each.ts'
import type { Payment } from './domain/payment.ts'
import { cancelAtStripe } from './internal/ask-stripe.ts'

import { type SettleDeps, settleIntent } from './settle-payment.ts'

export type RefreshedState =
  | 'requires_payment_method'
  | 'requires_confirmation'
  | 'requires_action'
  | 'processing'
  | 'requires_capture'

/**
 * Asks Stripe about open payments without news for a while: a webhook may be late, or never arrive.
 *
 * @returns how many were claimed
 */
export async function refreshPayments(
  deps: SettleDeps & Pick<PaymentsDeps, 'paymentCheckSeconds' | 'joinOrders'>,
  { states, factor = 1, limit }: { states: readonly RefreshedState[]; factor?: number; limit: number },
): Promise<number> {
  const now = deps.now()
  const seenBefore = addSeconds(now, -deps.paymentCheckSeconds * factor)
  const unseen = await deps.payments.claimUnseen({ now, seenBefore, states, limit })
  await forEachItem(deps, 'refresh', unseen, refreshPayment)
  return unseen.length
}

/** Asks Stripe about a payment. One whose order no longer waits for it is canceled. */
async function refreshPayment(deps: SettleDeps, payment: Payment): Promise<void> {
  if (payment.intentId === null) return
  const askedAt = deps.now()
  const answer = await deps.stripeIntents.retrieve(payment.intentId)
  if (answer.kind !== 'intent') {
    if (payment.state === 'processing') await deps.orders.extendOrder(payment.orderId)
    return
  }
  const { state } = answer.intent
  await settleIntent(deps, payment, answer.intent, askedAt)
  // An authorization has just been offered to its order, which rejects it if it cannot take it.
  if (state === 'requires_capture' || !state.startsWith('requires_')) return
  const pending = await deps.orders.isPending(payment.orderId)
  if (!pending.ok || pending.value) return
  const canceled = await cancelAtStripe(deps, payment.intentId)
  if (canceled !== undefined) await settleIntent(deps, payment, canceled.intent, canceled.observedAt)
}
