import type { OrderId } from '@shop/kernel/ids'
import { toMajor } from '@shop/kernel/money'
import { type ReportDeps, reportDiscrepancy } from '../reconciliation/report-discrepancy.ts'
import type { Payment } from './domain/payment.ts'
import { type CaptureDeps, captureAuthorized } from './internal/capture-authorized.ts'

export type ShippedDeps = CaptureDeps & ReportDeps

/**
 * Captures the authorized payment of an order of which a shipment has left: the first captures all of it, and further ones find
 * it captured. An order that was paid otherwise, or not at all, needs nothing.
 *
 * @returns false while the outcome of the capture is unknown
 */
export async function captureShippedOrder(deps: ShippedDeps, orderId: OrderId): Promise<boolean> {
  const payments = await deps.payments.ofOrder(orderId)
  const authorized = payments.find(({ state }) => state === 'requires_capture')
  if (authorized === undefined) return isOver(deps, payments)
  if (authorized.attemptUntil !== null) return false
  const settled = await captureAuthorized(deps, authorized, authorized.amount)
  if (settled.ok) return isOver(deps, [settled.value.payment])
  deps.warn('capture_failed', { paymentId: authorized.id, orderId, failure: settled.failure })
  return false
}

/**
 * Whether the money came, or never will. An authorization that ended before it was captured is listed: the goods are
 * gone, so staff have to get the money. A capture that the bank is still processing may end either way.
 */
async function isOver(deps: ShippedDeps, payments: Payment[]): Promise<boolean> {
  if (payments.some(({ state, method }) => state === 'succeeded' && method === 'card')) return true
  const wereAuthorized = payments.filter(({ authorizedAt }) => authorizedAt !== null)
  if (wereAuthorized.some(({ state }) => state !== 'canceled')) return false
  const [lost] = wereAuthorized
  if (lost === undefined) return true
  const { id: paymentId, intentId, amount, currency } = lost
  const shop = `${toMajor(amount, currency)} ${currency}, shipped`
  const subject = intentId ?? paymentId
  await reportDiscrepancy(deps, { kind: 'capture_lost', subject, paymentId, stripe: 'canceled', shop })
  return true
}
