import type {
  Order,
  OrderActor,
  OrderAlreadyPaid,
  OrderChanged,
  OrderNotPayable,
  OrderStatus,
  StatusChangeRefused,
} from '@shop/contracts'
import { type Caller, fail, isStaff, ok, type Result } from '@shop/kernel'
import { STATUS_STEPS, type Step, step, UNCHANGED } from './steps.ts'

/** Who a caller is to an order that he may see. Nobody signed in may see it but its guest. */
export function actorOf(caller: Caller): OrderActor {
  if (caller.kind === 'anonymous') return { kind: 'guest' }
  return { kind: isStaff(caller) ? 'staff' : 'customer', userId: caller.userId }
}

/** Whether the caller sees the order for who he is; a guest's token is another matter. */
export function isVisibleTo(order: Order, caller: Caller): boolean {
  return isStaff(caller) || (caller.kind === 'user' && order.userId === caller.userId)
}

/** Staff alone fulfil. */
export function isFulfilmentStep(to: OrderStatus): boolean {
  return to === 'shipped' || to === 'delivered'
}

/**
 * Decides a cancellation: by its customer before it is paid, by staff until it is shipped. Payments call off the money or
 * give it back, and then the stock comes back. A second cancellation changes nothing and keeps the first reason.
 */
export function cancel(order: Order, actor: OrderActor): Result<Step, StatusChangeRefused> {
  if (order.status === 'cancelled') return ok(UNCHANGED)
  const byStaff = actor.kind === 'staff'
  const mayCancel = STATUS_STEPS[order.status].includes('cancelled') && (byStaff || order.status === 'pending')
  if (!mayCancel) return fail({ code: 'order_status_conflict', from: order.status, to: 'cancelled' })
  const reason = byStaff ? 'cancelled_by_staff' : 'cancelled_by_customer'
  return ok(step('cancelled', { status: 'cancelled', cancelReason: reason }, { reason }, 'cancelled'))
}

/**
 * Decides a step of fulfilment. An order is shipped only once its lines are out of stock: between its payment and that
 * it can still be called off for want of stock. What was only authorized is captured when it ships.
 */
export function advance(order: Order, to: OrderStatus): Result<Step, StatusChangeRefused | OrderChanged> {
  const refused = fail({ code: 'order_status_conflict', from: order.status, to })
  if (to !== 'shipped' && to !== 'delivered') return refused
  if (order.status === to) return ok(UNCHANGED)
  if (!STATUS_STEPS[order.status].includes(to)) return refused
  if (!order.stockCommitted) return fail({ code: 'order_changed' })
  const isToBeCaptured = to === 'shipped' && order.paymentStatus === 'authorized'
  return ok(step(to, { status: to }, {}, isToBeCaptured ? 'shipped' : null))
}

/** Whether a payment of the order may start at `now`. */
export function checkPayable(order: Order, now: Date): Result<undefined, OrderAlreadyPaid | OrderNotPayable> {
  if (order.status === 'pending' && order.expiresAt > now) return ok()
  if (order.status !== 'pending' && order.status !== 'cancelled') return fail({ code: 'order_already_paid' })
  return fail({ code: 'order_not_payable', orderStatus: order.status })
}

/**
 * Puts the end of a pending order off to `until`, never forward. By less than a third of its time it is not worth an event:
 * a payment that takes days asks every minute.
 */
export function extend(
  order: Order,
  { until, seconds }: { until: Date; seconds: number },
): Result<Step, OrderNotPayable> {
  if (order.status !== 'pending') return fail({ code: 'order_not_payable', orderStatus: order.status })
  const gained = until.getTime() - order.expiresAt.getTime()
  if (gained <= 0 || gained * 3 < seconds * 1_000) return ok(UNCHANGED)
  return ok(step('extended', { expiresAt: until }, { expiresAt: until.toISOString() }))
}
