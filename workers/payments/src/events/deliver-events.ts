import type { ShopEvent } from '@shop/contracts/events/catalogue'
import { deliverDue } from '@shop/contracts/events/deliver-due'
import type { Receipt } from '@shop/contracts/events/delivery'
import type { PaymentsEvent } from '@shop/contracts/orders/rpc'
import type { SweptBatch } from '@shop/contracts/service'
import type { PaymentsDeps } from '../deps.ts'
import { mapJoined } from '../jobs/for-each.ts'
import { carryOutDecision, type OrderDeps } from '../payments/settle-payment.ts'
import { detailsOf, isMadeAnew, type ToldRefund } from '../refunds/domain/refund.ts'
import { isDisputeEvent, isPaymentStateEvent, isRefundEvent, type RefundEvent } from './domain/order-events.ts'
import { tellOrders, unavailable } from './tell-orders.ts'

const BATCH = 20

type DeliverDeps = OrderDeps & Pick<PaymentsDeps, 'refunds' | 'disputes' | 'joinOrders'>

/** Delivers a batch of due events to orders, in the order of each payment. */
export function deliverEvents(deps: DeliverDeps): Promise<SweptBatch> {
  return deliverDue(deps, { consumer: 'orders', limit: BATCH }, (due) => deliver(deps, due))
}

async function deliver(deps: DeliverDeps, due: ShopEvent[]): Promise<Receipt[]> {
  const events = await withDetails(deps, due)
  const told = await mapJoined(deps, events, async (joined, event) => {
    const receipt = await tellOrders(joined, event)
    if (!isPaymentStateEvent(event)) return receipt
    return (await carryOutDecision(joined, event, receipt).catch((error: unknown) => lost(deps, event, error))).receipt
  })
  const isTold = new Set(events.map(({ id }) => id))
  const others = due.filter(({ id }) => !isTold.has(id)).map(({ id }) => ({ eventId: id, outcome: 'skipped' }) as const)
  return [...told, ...others]
}

/**
 * Events as orders receives them: those of refunds and disputes with the details that they do not contain. An event that
 * orders need not know, or can no longer understand, is left out.
 */
async function withDetails(deps: DeliverDeps, due: ShopEvent[]): Promise<PaymentsEvent[]> {
  const [refunds, disputes] = await Promise.all([
    deps.refunds.details(due.filter(isRefundEvent).map(({ payload }) => payload.refundId)),
    deps.disputes.details(due.filter(isDisputeEvent).map(({ payload }) => payload.paymentId)),
  ])
  return due.flatMap((event): PaymentsEvent[] => {
    if (isPaymentStateEvent(event)) return [event]
    if (isDisputeEvent(event)) {
      const details = disputes.get(event.payload.paymentId)
      return details === undefined ? [] : [{ ...event, details }]
    }
    const told = isRefundEvent(event) ? refunds.get(event.payload.refundId) : undefined
    return isRefundEvent(event) && told !== undefined && isForOrder(event, told)
      ? [{ ...event, details: detailsOf(told.refund, told.hasStandingPart) }]
      : []
  })
}

/** A return is for an order that knows of the refund, and a failure for one whose refund is not made anew. */
function isForOrder({ type }: RefundEvent, { refund, isSkipped }: ToldRefund): boolean {
  if (type === 'refund.returned') return !isSkipped
  return type !== 'refund.failed' || !isMadeAnew(refund)
}

/** Its decision has not been carried out: the event is delivered again. */
function lost(deps: DeliverDeps, { id, type }: PaymentsEvent, error: unknown): { receipt: Receipt } {
  deps.warn('decision_not_carried_out', { eventId: id, type, error })
  return { receipt: unavailable(id) }
}
