import type { OrderId } from '@shop/contracts'
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
  // Captured before, or never to be: the authorization ended, which its own event says.
  if (authorized === undefined) return true
  if (authorized.attemptUntil !== null) return false
  const settled = await captureAuthorized(deps, authorized, authorized.amount)
  if (settled.ok) return settled.value.payment.state === 'succeeded' || settled.value.payment.state === 'canceled'
  deps.warn('capture_failed', { paymentId: authorized.id, orderId, failure: settled.failure })
  return false
}
