import { type OrderId, toMajor } from '@shop/kernel'
import { forEachItem } from '../jobs/for-each.ts'
import { type ReportDeps, reportDiscrepancy } from '../reconciliation/report-discrepancy.ts'
import type { Payment } from './domain/payment.ts'
import { type CaptureDeps, captureAuthorized } from './internal/capture-authorized.ts'

type ShippedDeps = CaptureDeps & ReportDeps

/**
 * Captures the authorized payments of shipped orders, then confirms that to orders. Pulled, since bindings are acyclic;
 * an order that is not confirmed comes again.
 *
 * @returns how many orders were pulled
 */
export async function captureShippedOrders(deps: ShippedDeps, limit: number): Promise<number> {
  const shipped = await deps.orders.pullShipped(limit)
  if (!shipped.ok) return 0
  await forEachItem(deps, 'capture_shipped', shipped.value, async (event) => {
    if (await captureOrder(deps, event.orderId)) await deps.orders.confirmShipped(event)
  })
  return shipped.value.length
}

/** @returns false while the outcome of the capture is unknown */
async function captureOrder(deps: ShippedDeps, orderId: OrderId): Promise<boolean> {
  const payments = await deps.payments.ofOrder(orderId)
  const authorized = payments.find(({ state }) => state === 'requires_capture')
  if (authorized === undefined) return isOver(deps, payments)
  if (authorized.attemptUntil !== null) return false
  const settled = await captureAuthorized(deps, authorized, authorized.amount)
  if (settled.ok) return isOver(deps, [settled.value.payment])
  deps.warn('capture_failed', { paymentId: authorized.id, orderId, failure: settled.failure })
  return false
}

/** Captured, or never to be, since the authorization has ended: the goods are gone, so staff have to get the money. */
async function isOver(deps: ShippedDeps, payments: Payment[]): Promise<boolean> {
  if (payments.some(({ state }) => state === 'succeeded')) return true
  const lost = payments.find(({ authorizedAt }) => authorizedAt !== null)
  if (lost?.state !== 'canceled') return false
  const { id: paymentId, intentId, amount, currency } = lost
  const shop = `${toMajor(amount, currency)} ${currency}, shipped`
  const subject = intentId ?? paymentId
  await reportDiscrepancy(deps, { kind: 'capture_lost', subject, paymentId, stripe: 'canceled', shop })
  return true
}
