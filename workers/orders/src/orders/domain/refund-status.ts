import type { OrderRefundStatus } from '@shop/contracts/orders/states'
import { paidAmountOf } from './amount-due.ts'
import type { Order } from './order.ts'

type Money = Pick<
  Order,
  | 'status'
  | 'capturedAmount'
  | 'giftCardAmount'
  | 'refundedAmount'
  | 'refundFailed'
  | 'disputedAmount'
  | 'chargedBackAmount'
>

/**
 * Whether the customer has all the captured money again, by refunds, by lost disputes, or by both. Not while more is to be captured: the
 * rest of the order may still ship.
 */
export function isMoneyReturned(
  order: Pick<Order, 'paymentStatus' | 'capturedAmount' | 'giftCardAmount' | 'refundedAmount' | 'chargedBackAmount'>,
): boolean {
  const { paymentStatus, refundedAmount, chargedBackAmount } = order
  const paid = paidAmountOf(order)
  if (paymentStatus === 'partially_paid') return false
  return paymentStatus === 'refunded' || (paid > 0 && refundedAmount + chargedBackAmount >= paid)
}

/**
 * What the shop still has of what was charged for a cancelled order, in minor units. Its gift cards have got everything back with the
 * cancellation, also where a refund to them came before the order was paid, and was never counted.
 */
export const keptOfCancelled = ({
  capturedAmount,
  giftCardAmount,
  refundedAmount,
}: Pick<Order, 'capturedAmount' | 'giftCardAmount' | 'refundedAmount'>): number =>
  capturedAmount - Math.max(0, refundedAmount - giftCardAmount)

/**
 * Where the money of a cancelled order is that was not refunded. Null for an order that is not cancelled, and where nothing
 * was captured or all of it was refunded.
 */
export function refundStatusOf(order: Money): OrderRefundStatus | null {
  const kept = keptOfCancelled(order)
  if (order.status !== 'cancelled' || kept <= 0) return null
  if (order.chargedBackAmount >= kept) return 'charged_back'
  // Stripe refunds nothing of a charge that is disputed in part.
  if (order.disputedAmount > 0) return 'disputed'
  return order.refundFailed ? 'failed' : 'in_progress'
}

/** What a cancellation means for the customer's money, where it does not simply come back. */
export const REFUND_NOTES: Record<Exclude<OrderRefundStatus, 'in_progress'>, string> = {
  failed: 'Its refund failed, so the shop still has the money: staff decide how the customer gets it',
  disputed: "The customer's bank holds the money because of a dispute, so the shop cannot refund it",
  charged_back: "The customer's bank has returned the money to the customer after a dispute",
}
