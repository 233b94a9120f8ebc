import type { PaymentId } from '@shop/kernel/ids'
import { fail, ok, type Result } from '@shop/kernel/result'
import { totalToCapture } from '../../fulfillment/domain/capture-due.ts'
import { hasLeft } from '../../fulfillment/domain/units.ts'
import { invoicePaid } from '../../invoices/domain/invoicing.ts'
import { paymentsOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import { cancelled, type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'
import type { PaymentFact } from './facts.ts'
import { covers, type NotYet, type PaymentDecision, taking } from './payment.ts'

/**
 * Decides an authorization: a pending order becomes authorized. One that arrives after its capture changes nothing. One that
 * cannot pay the order is rejected, and payments void it.
 */
export function recordAuthorization(order: Order, fact: PaymentFact): { decision: PaymentDecision; step: Step } {
  const { paymentId, amount } = fact
  if (order.status === 'cancelled') return { decision: 'rejected', step: UNCHANGED }
  if (paymentsOf(order).includes(paymentId)) return { decision: 'accepted', step: UNCHANGED }
  if (order.status !== 'pending' || !covers(order, fact)) return { decision: 'rejected', step: UNCHANGED }
  const to = { status: 'processing', paymentStatus: 'authorized', ...taking(order, fact) } as const
  return { decision: 'accepted', step: step('authorized', to, { paymentId, amount }) }
}

/**
 * Decides the end of an authorization that was never captured: the order is cancelled unless a part of it has
 * left. For a pending order the authorization itself is still to come. One of which edits have left nothing to capture is paid: payments
 * has voided the authorization.
 */
export function recordAuthorizationLoss(order: Order, paymentId: PaymentId): Result<Step, NotYet> {
  if (order.status === 'pending') return fail({ code: 'not_yet' })
  const isAuthorized = order.paymentId === paymentId && order.paymentStatus === 'authorized'
  if (!isAuthorized || order.status === 'cancelled') return ok(UNCHANGED)
  if (totalToCapture(order) === 0) return ok(paidOtherwise(order, paymentId))
  if (order.status !== 'processing' || hasLeft(order.lines)) return ok(UNCHANGED)
  const lost = cancelled(order, 'authorization_lost', { paymentId })
  return ok({ ...lost, to: { ...lost.to, paymentStatus: 'unpaid' } })
}

/** Gift cards pay for all that edits have left of the order, or it costs nothing. */
function paidOtherwise(order: Order, paymentId: PaymentId): Step {
  const { invoices, invoiced } = invoicePaid(order)
  return { ...step('paid', { paymentStatus: 'paid', invoiced }, { paymentId, amount: 0 }), invoices }
}
