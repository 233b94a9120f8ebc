import type { Receipt } from '@shop/contracts/events/delivery'
import type { PaymentsEvent, PaymentsReceipt } from '@shop/contracts/orders/rpc'
import type { PaymentsDeps } from '../deps.ts'
import { detailsOf, type SettledRefund } from '../refunds/domain/refund.ts'
import type { WrittenEvent } from './domain/order-events.ts'

export type TellDeps = Pick<PaymentsDeps, 'orders' | 'events' | 'later' | 'now' | 'warn'>

/** Delivers an event to orders. Delivering one twice has the same effect. */
export async function tellOrders(
  deps: Pick<TellDeps, 'orders' | 'warn'>,
  event: PaymentsEvent,
): Promise<PaymentsReceipt> {
  const received = await deps.orders.receiveEvent(event)
  const receipt = received.ok ? received.value : unavailable(event.id)
  // No payment is made without an order, so a person has to look into it.
  if (receipt.outcome === 'skipped') deps.warn('order_of_payment_missing', { eventId: event.id, type: event.type })
  return receipt
}

/** The delivery stays open, and is repeated. */
export const unavailable = (eventId: number): Receipt => ({
  eventId,
  outcome: 'failed',
  failure: 'service_unavailable',
})

/** Settles a delivery after the client has been answered. If that is lost, the sweep delivers the event again. */
export function settleAfterAnswer(deps: Pick<TellDeps, 'events' | 'later' | 'now' | 'warn'>, receipt: Receipt): void {
  const settled = deps.events
    .settle({ consumer: 'orders', receipts: [receipt], now: deps.now() })
    .catch((error: unknown) => deps.warn('delivery_not_settled', { eventId: receipt.eventId, error }))
  deps.later(settled)
}

/** Reports an event to orders at once, unless earlier ones of its payment wait: the sweep delivers those in order. */
export async function tellAtOnce(deps: TellDeps, { event, isNext }: WrittenEvent<PaymentsEvent>): Promise<void> {
  if (!isNext) return
  const receipt = await tellOrders(deps, event)
  settleAfterAnswer(deps, receipt)
}

/** Reports a settled refund to orders where needed, and logs one whose money the shop still has, for a person. */
export async function announceRefund(deps: TellDeps, settled: SettledRefund): Promise<void> {
  const { refund, change, announcement } = settled
  if (announcement !== undefined) {
    const { event, isNext } = announcement
    await tellAtOnce(deps, { event: { ...event, details: detailsOf(refund) }, isNext })
  }
  if (change !== 'failed' && change !== 'returned') return
  deps.warn('refund_failed', { refundId: refund.id, paymentId: refund.paymentId, change, failure: refund.failure })
}
