import type { FoundHold, Order, OrderChanged } from '@shop/contracts'
import { fail, ok, type Result } from '@shop/kernel'
import { stockLinesOf } from './pricing.ts'
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

/**
 * What is wrong between an order that is decided and what the stock knows of it.
 *
 * `kept`: units of a cancelled order are still held or sold. `unsold`: units that an order has sold are not.
 */
export function stockFault({ order, isFreed }: { order: Order; isFreed: boolean }, found: FoundHold[]) {
  if (order.status === 'cancelled') {
    const isKept = found.some(({ state }) => state === 'live' || state === 'sold')
    return isFreed && isKept ? 'kept' : undefined
  }
  if (!order.stockCommitted) return undefined
  const sold = new Map(found.flatMap((hold) => (hold.state === 'sold' ? [[hold.variantId, hold.quantity]] : [])))
  const isSold = stockLinesOf(order.lines).every(({ variantId, quantity }) => sold.get(variantId) === quantity)
  return isSold ? undefined : 'unsold'
}
