import type { PaymentId } from '@shop/kernel/ids'
import { amountDueOf, paymentsOf } from '../../orders/domain/amount-due.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { PaymentFact } from './facts.ts'

/** Facts arrive out of order and repeatedly; `not_yet` asks the sender to retry after what has to come first. */
export type NotYet = { code: 'not_yet' }

/**
 * Whether the order took the payment, or may still take its first one. Any other payment never becomes the order's money. An order that
 * was paid by placing it has no first one to wait for.
 */
export function isPaymentOf(order: Order, { paymentId }: { paymentId: PaymentId }): boolean {
  return (order.paymentId === null && !isCaptured(order)) || paymentsOf(order).includes(paymentId)
}

/**
 * Whether the payment can pay what is due: the order has not taken it yet, and it is of the present charge and the whole amount. One
 * for a former charge has another amount than is due now. A cancelled order has no amount due, but its first payment may have come
 * before it was cancelled.
 */
export function covers(order: Order, fact: PaymentFact): boolean {
  const due = amountDueOf({ ...order, status: 'pending' })
  return fact.chargeNo === order.chargeNo && fact.amount === due && fact.currency === order.currency
}

/** What changes of an order that takes a payment. */
export function taking(order: Order, { paymentId, amount }: Pick<PaymentFact, 'paymentId' | 'amount'>) {
  const { furtherPayments, chargedAmount } = order
  return order.paymentId === null
    ? { paymentId, chargedAmount: chargedAmount + amount }
    : { furtherPayments: [...furtherPayments, paymentId], chargedAmount: chargedAmount + amount }
}

/** Whether something was captured. */
export const isCaptured = ({ paymentStatus }: Order) => paymentStatus !== 'unpaid' && paymentStatus !== 'authorized'

/** Whether more may be captured of the payment that the order took: it is authorized, and a part may have been captured. */
export const isAuthorized = ({ paymentStatus }: Pick<Order, 'paymentStatus'>): boolean =>
  paymentStatus === 'authorized' || paymentStatus === 'partially_paid'

/** `rejected`: the order cannot take the money, so payments void or refund it. */
export type PaymentDecision = 'accepted' | 'rejected'
