import type { OrderChanged } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Order } from '../../orders/domain/order.ts'
import { cancelled, type Step, step, UNCHANGED } from '../../orders/domain/steps.ts'

/** Records that every line of a paid or authorized order is out of stock. */
export function recordSale(order: Order): Step {
  const isNew = order.status === 'processing' && !order.stockCommitted
  return isNew ? step('stock_committed', { stockCommitted: true }) : UNCHANGED
}

/** Cancels a paid or authorized order whose units are no longer available, unless it is cancelled already. */
export function cancelForMissingStock(order: Order): Result<Step, OrderChanged> {
  if (order.status === 'cancelled') return ok(UNCHANGED)
  if (order.status !== 'processing' || order.stockCommitted) return fail({ code: 'order_changed' })
  return ok(cancelled(order, 'stock_gone'))
}

/**
 * Records that a cancelled order's stock is back. This comes after its payment was voided, so an authorization that the
 * order still shows has ended.
 */
export function recordStockReturn(order: Order): Step {
  const isAuthorized = order.paymentStatus === 'authorized'
  if (order.status !== 'cancelled' || !(order.stockCommitted || isAuthorized)) return UNCHANGED
  return step('stock_returned', { stockCommitted: false, ...(isAuthorized ? { paymentStatus: 'unpaid' } : {}) })
}
