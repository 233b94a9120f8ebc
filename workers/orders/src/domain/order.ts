import {
  type CancelReason,
  type CapturedPayment,
  fail,
  type Order,
  type OrderAlreadyPaid,
  type OrderChanged,
  type OrderNotPayable,
  type OrderStatus,
  ok,
  type Result,
  type StatusChangeRefused,
} from '@shop/contracts'

/** A step of an order: `unchanged` when it was taken before, so that a retried request succeeds. */
export type Step<T> = { kind: 'unchanged' } | ({ kind: 'changed' } & T)

const UNCHANGED = { kind: 'unchanged' } as const

/** Who may be asked to take which step: fulfilment by staff, and where it starts from. Payment alone leaves `pending`. */
const FULFILMENT: Partial<Record<OrderStatus, OrderStatus>> = { shipped: 'processing', delivered: 'shipped' }

export function isFulfilmentStep(to: OrderStatus): boolean {
  return FULFILMENT[to] !== undefined
}

/** Decides a cancellation before payment. A second cancel changes nothing and keeps the first reason. */
export function cancel(
  order: Order,
  reason: CancelReason,
): Result<Step<{ cancelReason: CancelReason }>, StatusChangeRefused> {
  if (order.status === 'cancelled') return ok(UNCHANGED)
  if (order.status !== 'pending') {
    return fail({ code: 'order_status_conflict', from: order.status, to: 'cancelled' })
  }
  return ok({ kind: 'changed', cancelReason: reason })
}

/**
 * Decides a step of fulfilment. An order is shipped only once its lines are out of stock: between its payment and that
 * it can still be called off for want of stock.
 */
export function advance(
  order: Order,
  to: OrderStatus,
): Result<Step<{ status: OrderStatus }>, StatusChangeRefused | OrderChanged> {
  const from = FULFILMENT[to]
  if (from === undefined) return fail({ code: 'order_status_conflict', from: order.status, to })
  if (order.status === to) return ok(UNCHANGED)
  if (order.status !== from) return fail({ code: 'order_status_conflict', from: order.status, to })
  if (!order.stockCommitted) return fail({ code: 'order_changed' })
  return ok({ kind: 'changed', status: to })
}

/** Whether a payment of the order may start at `now`. */
export function checkPayable(order: Order, now: Date): Result<undefined, OrderAlreadyPaid | OrderNotPayable> {
  if (order.status === 'pending') {
    if (order.expiresAt > now) return ok()
    return fail({ code: 'order_not_payable', orderStatus: order.status })
  }
  if (order.paymentStatus === 'paid') return fail({ code: 'order_already_paid' })
  return fail({ code: 'order_not_payable', orderStatus: order.status })
}

/**
 * What a capture means for an order that could not simply be marked paid.
 *
 * `taken`: this very payment has paid it before. `refund`: it was cancelled, paid by another payment, or is of another
 * amount, so the money goes back. `retry`: it has become payable meanwhile.
 */
export function judgeCapture(order: Order, payment: CapturedPayment): 'taken' | 'refund' | 'retry' {
  if (order.status === 'cancelled') return 'refund'
  if (order.paymentId === payment.paymentId) return 'taken'
  const isPayable = order.status === 'pending' && order.total === payment.amount && order.currency === payment.currency
  return isPayable ? 'retry' : 'refund'
}
