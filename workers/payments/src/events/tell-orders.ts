import type { Receipt } from '@shop/contracts/events/delivery'
import type { PaymentsEvent, PaymentsReceipt } from '@shop/contracts/orders/rpc'
import type { PaymentsDeps } from '../deps.ts'
import { detailsOf, type Refund, type SettledRefund } from '../refunds/domain/refund.ts'
import type { WrittenEvent } from './domain/order-events.ts'

type SettleDeps = Pick<PaymentsDeps, 'events' | 'wakeDeliveries' | 'later' | 'now' | 'warn'>
export type TellDeps = SettleDeps & Pick<PaymentsDeps, 'orders'>
type AnnounceDeps = TellDeps & Pick<PaymentsDeps, 'refunds'>

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

/**
 * Settles a delivery after the client has been answered, and wakes the delivery of the event that waited for it. If that is lost, the
 * sweep delivers both.
 */
export function settleAfterAnswer(deps: SettleDeps, receipt: Receipt): void {
  const settled = settle(deps, receipt).catch((error: unknown) =>
    deps.warn('delivery_not_settled', { eventId: receipt.eventId, error }),
  )
  deps.later(settled)
}

async function settle({ events, wakeDeliveries, now }: SettleDeps, receipt: Receipt): Promise<void> {
  const nowDue = await events.settle({ consumer: 'orders', receipts: [receipt], now: now() })
  if (nowDue > 0) await wakeDeliveries()
}

/** Delivers an event to orders at once, unless an earlier one of its payment is not settled, whose end then wakes its delivery. */
export async function tellAtOnce(deps: TellDeps, { event, isNext }: WrittenEvent<PaymentsEvent>): Promise<void> {
  if (!isNext) return
  const receipt = await tellOrders(deps, event)
  settleAfterAnswer(deps, receipt)
}

/** Reports a settled refund to orders where needed, and logs one whose money the shop still has, for a person. */
export async function announceRefund(deps: AnnounceDeps, settled: SettledRefund): Promise<void> {
  const { refund, change, announcement } = settled
  if (announcement !== undefined) {
    const { event, isNext } = announcement
    const hasStandingPart = change !== 'succeeded' && (await hasOtherPart(deps, refund))
    await tellAtOnce(deps, { event: { ...event, details: detailsOf(refund, hasStandingPart) }, isNext })
  }
  if (change !== 'failed' && change !== 'returned') return
  deps.warn('refund_failed', { refundId: refund.id, paymentId: refund.paymentId, change, failure: refund.failure })
}

/**
 * Read after the settlement is committed, not within it: of two parts that fail at the same time, at least the later one then sees that
 * none stands any more.
 */
async function hasOtherPart({ refunds }: AnnounceDeps, { id }: Refund): Promise<boolean> {
  return (await refunds.details([id])).get(id)?.hasStandingPart === true
}
