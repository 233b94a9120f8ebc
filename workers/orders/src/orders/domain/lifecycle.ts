import type {
  OrderAlreadyPaid,
  OrderChanged,
  OrderNotPayable,
  OrderRefunded,
  StatusChangeRefused,
} from '@shop/contracts/orders/failures'
import type { OrderActor, OrderStatus } from '@shop/contracts/orders/states'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Order } from './order.ts'
import { isMoneyReturned } from './refund-status.ts'
import { cancelled, STATUS_STEPS, type Step, step, UNCHANGED } from './steps.ts'

/** Only staff ship and deliver. */
export function isFulfilmentStatus(to: OrderStatus): boolean {
  return to === 'shipped' || to === 'delivered'
}

/**
 * Decides a cancellation. The buyer may cancel before the order is paid, staff until it is shipped. Payments then void or
 * refund the money, and after that the stock is freed. A second cancellation changes nothing and keeps the first reason.
 */
export function cancel(order: Order, actor: OrderActor): Result<Step, StatusChangeRefused> {
  if (order.status === 'cancelled') return ok(UNCHANGED)
  const byStaff = actor.kind === 'staff'
  const mayCancel = STATUS_STEPS[order.status].includes('cancelled') && (byStaff || order.status === 'pending')
  if (!mayCancel) return fail({ code: 'order_status_conflict', from: order.status, to: 'cancelled' })
  const reason = byStaff ? 'cancelled_by_staff' : 'cancelled_by_customer'
  return ok(cancelled(order, reason))
}

/**
 * Decides shipping or delivery. An order ships only after its lines are out of stock: until then it may still be cancelled
 * for missing stock. It does not ship once the customer has all the money again. Payments capture an authorized order when it ships.
 */
export function advance(
  order: Order,
  to: OrderStatus,
): Result<Step, StatusChangeRefused | OrderRefunded | OrderChanged> {
  const refused = fail({ code: 'order_status_conflict', from: order.status, to })
  if (to !== 'shipped' && to !== 'delivered') return refused
  if (order.status === to) return ok(UNCHANGED)
  if (!STATUS_STEPS[order.status].includes(to)) return refused
  if (to === 'shipped' && isMoneyReturned(order)) return fail({ code: 'order_refunded' })
  if (!order.stockCommitted) return fail({ code: 'order_changed' })
  return ok(step(to, { status: to }))
}

/** Whether a payment of the order may start at `now`. */
export function checkPayable(order: Order, now: Date): Result<undefined, OrderAlreadyPaid | OrderNotPayable> {
  if (order.status === 'pending' && order.expiresAt > now) return ok()
  if (order.status !== 'pending' && order.status !== 'cancelled') return fail({ code: 'order_already_paid' })
  return fail({ code: 'order_not_payable', orderStatus: order.status })
}

/**
 * Extends `expiresAt` of a pending order to `until`; never shortens it. Less than a third of `seconds` is not worth an
 * event, because a payment that takes days asks every minute.
 *
 * @param times.seconds how long an unpaid order lives
 */
export function extend(order: Order, times: { until: Date; seconds: number }): Result<Step, OrderNotPayable> {
  const { until, seconds } = times
  if (order.status !== 'pending') return fail({ code: 'order_not_payable', orderStatus: order.status })
  const gained = until.getTime() - order.expiresAt.getTime()
  if (gained <= 0 || gained * 3 < seconds * 1_000) return ok(UNCHANGED)
  return ok(step('extended', { expiresAt: until }, { expiresAt: until.toISOString() }))
}
