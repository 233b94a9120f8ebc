import type { PaymentId } from '@shop/kernel/ids'
import type { Order } from '../../orders/domain/order.ts'
import type { PaymentFact } from './facts.ts'

/** Facts arrive out of order and repeatedly; `not_yet` asks the sender to retry after what has to come first. */
export type NotYet = { code: 'not_yet' }

/** An order relies on one payment, the first. Any other payment never becomes the order's money. */
export function isPaymentOf(order: Order, { paymentId }: { paymentId: PaymentId }): boolean {
  return order.paymentId === null || order.paymentId === paymentId
}

/** Whether the payment can pay the order: it is the order's payment and covers the whole total. */
export function covers(order: Order, fact: PaymentFact): boolean {
  return isPaymentOf(order, fact) && fact.amount === order.total && fact.currency === order.currency
}

export const isCaptured = ({ paymentStatus }: Order) => paymentStatus !== 'unpaid' && paymentStatus !== 'authorized'

/** `rejected`: the order cannot take the money, so payments void or refund it. */
export type PaymentDecision = 'accepted' | 'rejected'
