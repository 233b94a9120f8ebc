import type { PaymentId } from '@shop/kernel/ids'
import type { Order } from './order.ts'

type Charged = Pick<Order, 'status' | 'total' | 'creditedAmount' | 'giftCardAmount' | 'chargedAmount'>

/**
 * What is still to be paid of an order, in minor units: its total and what was credited to its buyer, less gift cards and what was
 * charged. Nothing is due for a cancelled order. A capture of a part of an authorization gives the rest up, so it is not due.
 */
export function amountDueOf({ status, total, creditedAmount, giftCardAmount, chargedAmount }: Charged): number {
  return status === 'cancelled' ? 0 : total + creditedAmount - giftCardAmount - chargedAmount
}

/** What was paid for an order, by gift cards too. */
export const paidAmountOf = ({ capturedAmount, giftCardAmount }: Pick<Order, 'capturedAmount' | 'giftCardAmount'>) =>
  capturedAmount + giftCardAmount

/** The payments that an order took, oldest first. */
export function paymentsOf({ paymentId, furtherPayments }: Pick<Order, 'paymentId' | 'furtherPayments'>): PaymentId[] {
  return paymentId === null ? furtherPayments : [paymentId, ...furtherPayments]
}

/** Whether nothing was to be charged when the order was placed: it costs nothing, or gift cards pay it. */
export const isPaidByPlacing = ({ paymentStatus, chargedAmount }: Pick<Order, 'paymentStatus' | 'chargedAmount'>) =>
  paymentStatus === 'paid' && chargedAmount === 0
