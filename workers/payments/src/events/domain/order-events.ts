import type { ShopEvent } from '@shop/contracts/events/catalogue'
import type { PaymentsEvent } from '@shop/contracts/orders/rpc'

/** Of a payment: orders accepts the money or rejects it. */
export type PaymentStateEvent = ShopEvent<'payment.authorized' | 'payment.captured' | 'payment.authorization_lost'>

/** Of a refund: orders records it. */
export type RefundEvent = ShopEvent<'refund.succeeded' | 'refund.failed' | 'refund.returned'>

/** Of a dispute: orders records what the bank holds. */
export type DisputeEvent = ShopEvent<'dispute.created' | 'dispute.updated' | 'dispute.closed'>

/** An event for orders. `isNext`: no earlier one of its payment waits, so it may be delivered at once. */
export type WrittenEvent<E> = { event: E; isNext: boolean }

export function isPaymentStateEvent(event: ShopEvent | PaymentsEvent): event is PaymentStateEvent {
  return (
    event.type === 'payment.authorized' ||
    event.type === 'payment.captured' ||
    event.type === 'payment.authorization_lost'
  )
}

export function isRefundEvent(event: ShopEvent): event is RefundEvent {
  return event.type === 'refund.succeeded' || event.type === 'refund.failed' || event.type === 'refund.returned'
}

export function isDisputeEvent(event: ShopEvent): event is DisputeEvent {
  return event.type === 'dispute.created' || event.type === 'dispute.updated' || event.type === 'dispute.closed'
}
