import type { ShippedPart } from '@shop/contracts/orders/rpc'
import type { OrderId, PaymentId } from '@shop/kernel/ids'
import { toMajor } from '@shop/kernel/money'
import { tellOrders } from '../events/tell-orders.ts'
import { type ReportDeps, reportDiscrepancy } from '../reconciliation/report-discrepancy.ts'
import { nextCapture } from './domain/next-capture.ts'
import type { Payment } from './domain/payment.ts'
import { cancelOpenPayment, isOpen } from './internal/cancel-open.ts'
import { type CaptureDeps, captureAuthorized } from './internal/capture-authorized.ts'

export type ShippedDeps = CaptureDeps & ReportDeps

/**
 * Captures what is due of the authorized payment of an order of which a shipment has left, or whose last units to ship were removed. Where
 * nothing is left to capture, the authorization is voided. An order that was paid otherwise, or not at all, needs nothing.
 *
 * @returns false while the outcome of the capture is unknown
 */
export async function captureShippedOrder(deps: ShippedDeps, part: ShippedPart): Promise<boolean> {
  const payments = await deps.payments.ofOrder(part.orderId)
  const authorized = payments.find(({ state }) => state === 'requires_capture')
  if (authorized === undefined) return isOver(deps, part, payments)
  if (authorized.attemptUntil !== null) return false
  const due = await deps.orders.captureDue(part)
  if (!due.ok) return due.failure.code === 'order_not_found'
  // Gift cards pay for all that edits have left of the order: it is paid once orders knows that nothing was captured.
  if (due.value.total === 0 && authorized.capturedAmount === 0) return cancelOpenPayment(deps, authorized)
  const isSeveral = await allowsSeveralCaptures(deps, authorized)
  if (isSeveral === undefined) return false
  const capture = nextCapture(authorized, due.value, isSeveral)
  if (capture === undefined) return true
  const settled = await captureAuthorized(deps, authorized, capture)
  if (settled.ok) {
    const { payment } = settled.value
    const isMade = payment.capturedAmount >= authorized.capturedAmount + capture.amount
    const isEnded = !capture.isFinal || payment.state === 'succeeded'
    return (isMade && isEnded) || isOver(deps, part, [payment])
  }
  deps.warn('capture_failed', { paymentId: authorized.id, orderId: part.orderId, failure: settled.failure })
  return false
}

/** @returns undefined when Stripe did not answer */
async function allowsSeveralCaptures(deps: ShippedDeps, payment: Payment): Promise<boolean | undefined> {
  const { captureMethod, intentId } = payment
  return captureMethod === 'per_shipment' && intentId !== null && deps.stripeIntents.allowsSeveralCaptures(intentId)
}

/**
 * Whether the money came, or never will. An authorization that ended before it was captured is listed: the goods are
 * gone, so staff have to get the money. A capture that the bank is still processing may end either way.
 */
async function isOver(deps: ShippedDeps, part: ShippedPart, payments: Payment[]): Promise<boolean> {
  const paid = payments.find(({ state, method }) => state === 'succeeded' && method === 'card')
  if (paid !== undefined) return paid.captureMethod !== 'per_shipment' || isCompared(deps, part, paid)
  const wereAuthorized = payments.filter(({ authorizedAt }) => authorizedAt !== null)
  if (wereAuthorized.some(({ state }) => state !== 'canceled')) return false
  const [lost] = wereAuthorized
  if (lost === undefined) return true
  const due = await deps.orders.captureDue(part)
  if (!due.ok) return due.failure.code === 'order_not_found'
  const amount = Math.min(lost.amount, due.value.total)
  if (amount > 0) await reportLost(deps, lost, { amount, stripe: 'canceled' })
  return true
}

/** Lists what a shipment is worth beyond what was captured before the authorization ended. @returns false if orders does not answer */
async function isCompared(deps: ShippedDeps, part: ShippedPart, paid: Payment): Promise<boolean> {
  const due = await deps.orders.captureDue(part)
  if (!due.ok) return due.failure.code === 'order_not_found'
  const { capturedAmount, currency } = paid
  const amount = due.value.shipped - capturedAmount
  const stripe = `${toMajor(capturedAmount, currency)} ${currency} captured`
  if (amount > 0) await reportLost(deps, paid, { amount, stripe })
  return true
}

async function reportLost(
  deps: ShippedDeps,
  { id: paymentId, intentId, currency }: Payment,
  { amount, stripe }: { amount: number; stripe: string },
): Promise<void> {
  const shop = `${toMajor(amount, currency)} ${currency}, shipped`
  await reportDiscrepancy(deps, { kind: 'capture_lost', subject: intentId ?? paymentId, paymentId, stripe, shop })
}

/**
 * Captures what is due of an order if an edit has removed its last units to ship. If its authorization has ended before, orders is told so
 * again: the edit may have taken off all that was not captured, so that the order is paid.
 *
 * @returns as {@link captureShippedOrder}
 */
export async function captureEditedOrder(deps: ShippedDeps, orderId: OrderId): Promise<boolean> {
  const payments = await deps.payments.ofOrder(orderId)
  if (payments.some(({ state }) => state === 'requires_capture')) {
    return captureShippedOrder(deps, { orderId, shipmentId: null })
  }
  const ended = payments.filter(
    (payment) => payment.authorizedAt !== null && !isOpen(payment) && payment.capturedAmount < payment.amount,
  )
  const told = await Promise.all(ended.map(({ id }) => isToldAgain(deps, id)))
  return told.every(Boolean)
}

/**
 * Tells orders again of a payment's state, whatever is told it in the usual order: it takes each event at any time. For one that it cannot
 * take yet, it waits in the usual order.
 */
async function isToldAgain(deps: ShippedDeps, paymentId: PaymentId): Promise<boolean> {
  const announcement = await deps.payments.announcementOf(paymentId)
  if (announcement === undefined) return true
  const receipt = await tellOrders(deps, announcement.event)
  return receipt.outcome !== 'failed' || receipt.failure === 'not_yet'
}
