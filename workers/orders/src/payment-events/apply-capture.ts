import type { CapturedPayment, CaptureOutcome, OrderNotFound } from '@shop/contracts'
import { fail, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import type { OrdersDeps } from '../deps.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import type { Order } from '../orders/domain/order.ts'
import { retryable } from '../orders/domain/retryable.ts'
import { sellStock } from '../stock/sell-stock.ts'
import { recordCapture } from './domain/capture.ts'

const REFUND = { outcome: 'refund' } as const

/**
 * Applies a capture: the order becomes paid, then every line leaves the stock. The order row is the arbiter: only a pending
 * order, or one that counts on the payment's authorization, becomes paid. A cancelled one has the money refunded.
 *
 * If units of a line can no longer be had, the order is cancelled and the money refunded. Safe to repeat at any point.
 */
export async function applyCapture(
  deps: ChangeDeps & Pick<OrdersDeps, 'catalog' | 'captures'>,
  payment: CapturedPayment,
): Promise<Result<CaptureOutcome, OrderNotFound | ServiceUnavailable>> {
  const { captured, order } = await deps.captures.capturePending(payment, deps.now())
  if (order === undefined) return fail({ code: 'order_not_found' })
  const changed = captured ? ok(order) : await decideCapture(deps, payment, order)
  if (!changed.ok) return retryable(changed)
  if (recordCapture(changed.value, payment).outcome === 'refund') return ok(REFUND)
  const sold = await sellStock(deps, changed.value)
  if (!sold.ok) return sold
  return ok(sold.value === 'gone' ? REFUND : { outcome: 'paid' })
}

/** For all but the common case of a pending order that becomes paid. */
function decideCapture(deps: ChangeDeps, payment: CapturedPayment, known: Order) {
  const target = { orderId: known.id, actor: SYSTEM, known }
  return changeOrder(deps, target, (order) => ok(recordCapture(order, payment).step))
}
