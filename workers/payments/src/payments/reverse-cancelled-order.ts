import type { OrderId } from '@shop/kernel/ids'
import { refundCancelledOrder } from '../refunds/execute-refund.ts'
import { cancelAtStripe } from './internal/ask-stripe.ts'
import { type SettleDeps, settleIntent } from './settle-payment.ts'

/**
 * Reverses the payments of a cancelled order: captured money is refunded, and no open payment can succeed unnoticed.
 *
 * @returns false while Stripe is being asked, whose answer has to be settled first, or does not answer
 */
export async function reverseCancelledOrder(deps: SettleDeps, orderId: OrderId): Promise<boolean> {
  const payments = await deps.payments.ofOrder(orderId)
  for (const { id } of payments.filter(({ state }) => state === 'succeeded')) await refundCancelledOrder(deps, id)
  const open = payments.find(({ state }) => state !== 'canceled' && state !== 'succeeded')
  if (open === undefined) return true
  if (open.intentId === null) return false
  const canceled = await cancelAtStripe(deps, open.intentId)
  if (canceled === undefined) return false
  await settleIntent(deps, open, canceled.intent, canceled.observedAt)
  return true
}
