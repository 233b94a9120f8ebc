import type { OrderId } from '@shop/kernel'
import { forEachItem } from '../jobs/for-each.ts'
import { refundCancelledOrder } from '../refunds/refund-cancelled-order.ts'
import { cancelAtStripe } from './internal/cancel-at-stripe.ts'

import { type SettleDeps, settleIntent } from './settle-payment.ts'

/**
 * Cancels or refunds the payments of cancelled orders, then confirms that to orders, which frees their stock. Pulled,
 * since bindings are acyclic; an order that is not confirmed comes again.
 *
 * @returns how many orders were pulled
 */
export async function reverseCancelledOrders(deps: SettleDeps, limit: number): Promise<number> {
  const cancelled = await deps.orders.pullCancelled(limit)
  if (!cancelled.ok) return 0
  await forEachItem(deps, 'reverse_cancelled', cancelled.value, async (event) => {
    if (await reverseOrder(deps, event.orderId)) await deps.orders.confirmCancelled(event)
  })
  return cancelled.value.length
}

/**
 * Makes sure that no payment of the order can succeed unnoticed, and that captured money is refunded.
 *
 * @returns false while Stripe is being asked, whose answer has to be settled first, or does not answer
 */
async function reverseOrder(deps: SettleDeps, orderId: OrderId): Promise<boolean> {
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
