import type { OrderId } from '@shop/kernel/ids'
import { refundCancelledOrder } from '../refunds/execute-refund.ts'
import { cancelOpenPayment, isOpen } from './internal/cancel-open.ts'
import type { SettleDeps } from './settle-payment.ts'

/**
 * Reverses the payments of a cancelled order: captured money is refunded, and no open payment can succeed unnoticed. What gift
 * cards paid, orders gives back itself.
 *
 * @returns false while Stripe is being asked, whose answer has to be settled first, or does not answer
 */
export async function reverseCancelledOrder(deps: SettleDeps, orderId: OrderId): Promise<boolean> {
  const payments = await deps.payments.ofOrder(orderId)
  const captured = payments.filter(({ state, method }) => state === 'succeeded' && method === 'card')
  for (const { id } of captured) await refundCancelledOrder(deps, id)
  let isDone = true
  for (const payment of payments.filter(isOpen)) isDone = (await cancelOpenPayment(deps, payment)) && isDone
  return isDone
}
