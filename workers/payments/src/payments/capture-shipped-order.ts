import { type OrderId, toMajor } from '@shop/kernel'
import { type ReportDeps, reportDiscrepancy } from '../reconciliation/report-discrepancy.ts'
import type { Payment } from './domain/payment.ts'
import { type CaptureDeps, captureAuthorized } from './internal/capture-authorized.ts'

export type ShippedDeps = CaptureDeps & ReportDeps

/**
 * Captures the authorized payment of a shipped order. An order that was paid otherwise, or not at all, needs nothing.
 *
 * @returns false while the outcome of the capture is unknown
 */
export async function captureShippedOrder(deps: ShippedDeps, orderId: OrderId): Promise<boolean> {
  const payments = await deps.payments.ofOrder(orderId)
  const authorized = payments.find(({ state }) => state === 'requires_capture')
  if (authorized === undefined) return reportLost(deps, payments)
  if (authorized.attemptUntil !== null) return false
  const settled = await captureAuthorized(deps, authorized, authorized.amount)
  if (settled.ok) {
    const { payment } = settled.value
    return payment.state === 'requires_capture' ? false : reportLost(deps, [payment])
  }
  deps.warn('capture_failed', { paymentId: authorized.id, orderId, failure: settled.failure })
  return false
}

/** Lists an authorization that ended before it was captured: the goods are gone, so staff have to get the money. */
async function reportLost(deps: ShippedDeps, payments: Payment[]): Promise<true> {
  const isCaptured = payments.some(({ state }) => state === 'succeeded')
  const lost = payments.find(({ state, authorizedAt }) => state === 'canceled' && authorizedAt !== null)
  if (isCaptured || lost === undefined) return true
  const { id: paymentId, intentId, amount, currency } = lost
  const shop = `${toMajor(amount, currency)} ${currency}, shipped`
  const subject = intentId ?? paymentId
  await reportDiscrepancy(deps, { kind: 'capture_lost', subject, paymentId, stripe: 'canceled', shop })
  return true
}
