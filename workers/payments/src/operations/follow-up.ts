import type { Payment } from '@shop/contracts'
import type { PaymentsDeps } from '../ports.ts'
import { deliverCapture } from './deliver-capture.ts'

/** `refund`: the money came, but its order could not take it. `pending` covers whatever still needs the client. */
export type Settled = { outcome: 'paid' | 'refund' | 'pending'; payment: Payment }

/**
 * Tells orders what a payment's new state means for them: money that came, or money on its way, for which the order
 * waits. What is not told now, because orders does not answer, the sweep tells.
 */
export async function followUp(deps: PaymentsDeps, payment: Payment): Promise<Settled> {
  const { id: paymentId, orderId, amount, currency } = payment
  if (payment.state === 'succeeded') {
    return { outcome: await deliverCapture(deps, { orderId, paymentId, amount, currency }), payment }
  }
  if (payment.state === 'processing') await deps.orders.extendOrder(orderId)
  return { outcome: 'pending', payment }
}
