import type { Payment } from '@shop/contracts'
import type { PaymentsDeps } from '../ports.ts'
import { deliverAuthorization, deliverAuthorizationLost } from './deliver-authorization.ts'
import { deliverCapture } from './deliver-capture.ts'

/**
 * `refund`, `void`: the money came, or was reserved, but its order could not take it. `pending` covers whatever still
 * needs the client.
 */
export type Settled = { outcome: 'paid' | 'authorized' | 'refund' | 'void' | 'pending'; payment: Payment }

/**
 * Tells orders what a payment's new state means for them: money that came or was reserved, an authorization that ended,
 * or money on its way, for which the order waits. What is not told now, because orders does not answer, the sweep tells.
 */
export async function followUp(deps: PaymentsDeps, payment: Payment): Promise<Settled> {
  const { id: paymentId, orderId, amount, capturedAmount: captured, currency } = payment
  if (payment.state === 'succeeded') {
    return { outcome: await deliverCapture(deps, { orderId, paymentId, amount, captured, currency }), payment }
  }
  if (payment.state === 'requires_capture') {
    return { outcome: await deliverAuthorization(deps, { orderId, paymentId, amount, currency }), payment }
  }
  if (payment.state === 'processing') await deps.orders.extendOrder(orderId)
  if (payment.state === 'canceled' && payment.authorizedAt !== null) {
    await deliverAuthorizationLost(deps, { orderId, paymentId })
  }
  return { outcome: 'pending', payment }
}
