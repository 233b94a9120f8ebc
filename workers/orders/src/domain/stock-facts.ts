import { fail, type Order, type OrderChanged, ok, type Result } from '@shop/contracts'
import { type Step, step, UNCHANGED } from './steps.ts'

/** Notes that every line of a paid or authorized order is out of stock now. */
export function noteSold(order: Order): Step {
  const isNew = order.status === 'processing' && !order.stockCommitted
  return isNew ? step('stock_committed', { stockCommitted: true }) : UNCHANGED
}

/** Calls off an order whose stock is gone for good, unless it was called off already. */
export function callOff(order: Order): Result<Step, OrderChanged> {
  if (order.status === 'cancelled') return ok(UNCHANGED)
  if (order.status !== 'processing' || order.stockCommitted) return fail({ code: 'order_changed' })
  const reason = 'stock_gone'
  return ok(step('cancelled', { status: 'cancelled', cancelReason: reason }, { reason }, 'cancelled'))
}

/**
 * Notes that a cancelled order's stock is back. This comes after its payment was called off, so an authorization that it
 * still has is none any more.
 */
export function noteReturned(order: Order): Step {
  const isAuthorized = order.paymentStatus === 'authorized'
  if (order.status !== 'cancelled' || !(order.stockCommitted || isAuthorized)) return UNCHANGED
  return step('stock_returned', { stockCommitted: false, ...(isAuthorized ? { paymentStatus: 'unpaid' } : {}) })
}
