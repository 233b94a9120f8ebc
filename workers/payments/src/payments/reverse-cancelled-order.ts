import type { OrderId } from '@shop/kernel/ids'
import { refundCancelledOrder } from '../refunds/execute-refund.ts'
import { cancelOpenPayment, isOpen } from './internal/cancel-open.ts'
import type { SettleDeps } from './settle-payment.ts'

/**
 * Reverses the payments of a cancelled order: captured money is refunded, and open payments are cancelled. Orders itself returns what
 * gift cards paid.
 *
 * @returns false while a call to Stripe is in progress, whose answer must be settled first, or if Stripe does not answer
 */
export async function reverseCancelledOrder(deps: SettleDeps, orderId: OrderId): Promise<boolean> {
  const payments = await deps.payments.ofOrder(orderId)
  const captured = payments.filter(({ state, method }) => state === 'succeeded' && method === 'card')
  for (const { id } of captured) await refundCancelledOrder(deps, id)
  let isDone = true
  for (const payment of payments.filter(isOpen)) isDone = (await cancelOpenPayment(deps, payment)) && isDone
  return isDone
}
