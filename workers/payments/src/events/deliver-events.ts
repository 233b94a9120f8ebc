import { forEachItem } from '../jobs/for-each.ts'
import { applyPaymentToOrder, type OrderDeps } from '../payments/apply-payment-to-order.ts'
import { applyRefundToOrder } from '../refunds/apply-refund-to-order.ts'
import type { Announcement } from './repository.ts'

/** Tells orders of events that it has not confirmed. @returns how many were claimed */
export async function deliverEvents(deps: OrderDeps, limit: number): Promise<number> {
  const events = await deps.events.claim({ limit, now: deps.now() })
  await forEachItem(deps, 'deliver', events, (event) => deliver(deps, event))
  return events.length
}

async function deliver(deps: OrderDeps, event: Announcement): Promise<void> {
  const isRefund = event.kind === 'refunded' || event.kind === 'refund_returned'
  await (isRefund ? applyRefundToOrder(deps, event) : applyPaymentToOrder(deps, event))
}
