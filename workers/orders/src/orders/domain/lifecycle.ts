import type { OrderAlreadyPaid, OrderNotPayable, StatusChangeRefused } from '@shop/contracts/orders/failures'
import type { OrderActor, OrderStatus } from '@shop/contracts/orders/states'
import { fail, ok, type Result } from '@shop/kernel/result'
import { hasLeft } from '../../fulfillment/domain/units.ts'
import { amountDueOf } from './amount-due.ts'
import type { Order } from './order.ts'
import { cancelled, STATUS_STEPS, type Step, step, UNCHANGED } from './steps.ts'

/** Only staff ship and deliver. */
export function isFulfilmentStatus(to: OrderStatus): boolean {
  return to === 'shipped' || to === 'delivered'
}

/**
 * Decides a cancellation. The buyer may cancel before the order is paid, staff until a part of it has left. Payments then void or
 * refund the money, and after that the stock is freed. A second cancellation changes nothing and keeps the first reason.
 */
export function cancel(order: Order, actor: OrderActor): Result<Step, StatusChangeRefused> {
  if (order.status === 'cancelled') return ok(UNCHANGED)
  const byStaff = actor.kind === 'staff'
  const isCancellable = STATUS_STEPS[order.status].includes('cancelled') && !hasLeft(order.lines)
  const mayCancel = isCancellable && (byStaff || order.status === 'pending')
  if (!mayCancel) return fail({ code: 'order_status_conflict', from: order.status, to: 'cancelled' })
  const reason = byStaff ? 'cancelled_by_staff' : 'cancelled_by_customer'
  return ok(cancelled(order, reason))
}

/** Whether a payment of what is due for the order may start at `now`. A payment for an edit has no time limit. */
export function checkPayable(order: Order, now: Date): Result<undefined, OrderAlreadyPaid | OrderNotPayable> {
  const { status } = order
  if (status === 'cancelled' || (status === 'pending' && order.expiresAt <= now)) {
    return fail({ code: 'order_not_payable', orderStatus: status })
  }
  return amountDueOf(order) > 0 ? ok() : fail({ code: 'order_already_paid' })
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
