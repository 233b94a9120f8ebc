import type { OrderId } from '@shop/kernel/ids'
import type { Payment } from './domain/payment.ts'
import { cancelOpenPayment, isOpen } from './internal/cancel-open.ts'
import type { SettleDeps } from './settle-payment.ts'

/**
 * Cancels the open payments of charges before `chargeNo`, since an edit of the order has changed the amount due. Money that comes all
 * the same is rejected by the order and refunded. An authorization stays: either the order counts on it, or rejecting it voids it.
 *
 * @returns false while Stripe is being asked, whose answer has to be settled first, or does not answer
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
