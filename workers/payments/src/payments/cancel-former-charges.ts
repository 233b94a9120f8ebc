import type { OrderId } from '@shop/kernel/ids'
import type { Payment } from './domain/payment.ts'
import { cancelOpenPayment, isOpen } from './internal/cancel-open.ts'
import type { SettleDeps } from './settle-payment.ts'

/**
 * Cancels the open payments of charges before `chargeNo`, because an edit of the order has changed the amount due. If such a payment
 * still succeeds, the order rejects it and it is refunded. An authorization stays: the order uses it, or its rejection voids it.
 *
 * @returns false while a call to Stripe is in progress, whose answer must be settled first, or if Stripe does not answer
 */
export async function cancelFormerCharges(deps: SettleDeps, orderId: OrderId, chargeNo: number): Promise<boolean> {
  const isFormer = (payment: Payment) =>
    isOpen(payment) && payment.state !== 'requires_capture' && payment.chargeNo < chargeNo
  let isDone = true
  for (const payment of (await deps.payments.ofOrder(orderId)).filter(isFormer)) {
    isDone = (await cancelOpenPayment(deps, payment)) && isDone
  }
  return isDone
}
