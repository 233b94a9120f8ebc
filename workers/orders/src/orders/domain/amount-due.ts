import type { PaymentId } from '@shop/kernel/ids'
import type { Order } from './order.ts'

type Charged = Pick<Order, 'status' | 'total' | 'creditedAmount' | 'giftCardAmount' | 'chargedAmount'>

/**
 * What the buyer still has to pay, in minor units: total + credited − gift cards − charged. Nothing is due for a cancelled order. If staff
 * capture only a part of an authorization, the rest is not due.
 */
export function amountDueOf({ status, total, creditedAmount, giftCardAmount, chargedAmount }: Charged): number {
  return status === 'cancelled' ? 0 : total + creditedAmount - giftCardAmount - chargedAmount
}

/** What was paid for an order, in minor units, including gift cards. */
export const paidAmountOf = ({ capturedAmount, giftCardAmount }: Pick<Order, 'capturedAmount' | 'giftCardAmount'>) =>
  capturedAmount + giftCardAmount

/** The payments that an order took, oldest first. */
export function paymentsOf({ paymentId, furtherPayments }: Pick<Order, 'paymentId' | 'furtherPayments'>): PaymentId[] {
  return paymentId === null ? furtherPayments : [paymentId, ...furtherPayments]
}

/** Whether nothing was to be charged when the order was placed: it costs nothing, or gift cards pay it. */
export const isPaidByPlacing = ({ paymentStatus, chargedAmount }: Pick<Order, 'paymentStatus' | 'chargedAmount'>) =>
  paymentStatus === 'paid' && chargedAmount === 0
