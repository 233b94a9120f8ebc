import type { Payment } from '@shop/contracts'
import { type OrderId, toMajor } from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { captureAuthorized } from './capture-authorized.ts'
import { forEach } from './each.ts'

const BATCH = 50

/**
 * Captures the authorized payments of shipped orders, then tells orders. Pulled, not pushed, since bindings lead one way;
 * an order that is not told comes again.
 *
 * @returns how many shipments were taken up
 */
export async function captureShipped(deps: PaymentsDeps): Promise<number> {
  const shipped = await deps.orders.pullShipped(BATCH)
  if (!shipped.ok) return 0
  await forEach(deps, 'capture_shipped', shipped.value, async (event) => {
    if (await captureOrder(deps, event.orderId)) await deps.orders.confirmShipped(event)
  })
  return shipped.value.length
}

/** @returns false while it is not known whether the money of the order was taken */
async function captureOrder(deps: PaymentsDeps, orderId: OrderId): Promise<boolean> {
  const payments = await deps.store.ofOrder(orderId)
  const authorized = payments.find((payment) => payment.state === 'requires_capture')
  if (authorized === undefined) return isDone(deps, payments)
  if (authorized.attemptUntil !== null) return false
  const settled = await captureAuthorized(deps, authorized, authorized.amount)
  if (settled.ok) return isDone(deps, [settled.value.payment])
  deps.warn('capture_failed', { paymentId: authorized.id, orderId, failure: settled.failure })
  return false
}

/** Captured, or never to be, since the authorization has ended: the goods are gone, so staff have to see to the money. */
async function isDone(deps: PaymentsDeps, payments: Payment[]): Promise<boolean> {
  if (payments.some(({ state }) => state === 'succeeded')) return true
  const lost = payments.find(({ authorizedAt }) => authorizedAt !== null)
  if (lost?.state !== 'canceled') return false
  const { id: paymentId, intentId, amount, currency } = lost
  const shop = `${toMajor(amount, currency)} ${currency}, shipped`
  const subject = intentId ?? paymentId
  const kind = 'capture_lost'
  await deps.records.noteDiscrepancy({ kind, subject, paymentId, stripe: 'canceled', shop, foundAt: deps.now() })
  deps.warn('discrepancy_found', { kind, subject, paymentId })
  return true
}
