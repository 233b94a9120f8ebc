import type { OrderStatus, PaymentStatus } from '@shop/contracts/orders/states'
import { newId } from '@shop/http/ids'
import type { CurrencyCode } from '@shop/kernel/currencies'
import type { Order } from '../../src/orders/domain/order.ts'
import { anOrder } from './orders.ts'

export const unchanged = { kind: 'unchanged' }

export const PAY_1 = newId('payment')

export function orderIn(status: OrderStatus, paymentStatus: PaymentStatus, over: Partial<Order> = {}): Order {
  const hasPayment = paymentStatus !== 'unpaid'
  const isCaptured = hasPayment && paymentStatus !== 'authorized'
  const refundedAmount = { partially_refunded: 500, refunded: 2_500 }[paymentStatus as string] ?? 0
  return anOrder({
    status,
    paymentStatus,
    paymentId: hasPayment ? PAY_1 : null,
    capturedAmount: isCaptured ? 2_500 : 0,
    refundedAmount,
    cancelReason: status === 'cancelled' ? 'expired' : null,
    ...over,
  })
}

export const fact = (
  order: Order,
  over: { paymentId?: typeof PAY_1; chargeNo?: number; amount?: number; currency?: CurrencyCode } = {},
) => ({
  orderId: order.id,
  paymentId: PAY_1,
  chargeNo: 1,
  amount: order.total,
  currency: order.currency,
  ...over,
})

export const capture = (order: Order, over = {}) => ({ ...fact(order), captured: order.total, ...over })

export const refund = (order: Order, over = {}) => ({
  orderId: order.id,
  paymentId: PAY_1,
  refundId: newId('refund'),
  amount: 500,
  captured: 2_500,
  ...over,
})

export const REASON = { reason: 'requested_by_customer' }
