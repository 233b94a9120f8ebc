import type { CapturedPayment, CaptureOutcome, Order, OrderNotFound } from '@shop/contracts'
import { fail, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { takeCapture } from '../domain/payment-facts.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder, orLater, SYSTEM } from './change-order.ts'
import { sellStock } from './sell-stock.ts'

const REFUND = { outcome: 'refund' } as const

/**
 * Takes a captured payment: the order becomes paid, then every line leaves the stock. The order row is the arbiter: only
 * a pending order, or one that has taken the payment's authorization, takes it, so a cancelled one sends it back.
 *
 * If the stock of a line is gone for good the order is cancelled and the money sent back. Any part may run again.
 */
export async function applyCapture(
  deps: OrdersDeps,
  payment: CapturedPayment,
): Promise<Result<CaptureOutcome, OrderNotFound | ServiceUnavailable>> {
  const { captured, order } = await deps.store.saveCaptured(payment, deps.now())
  if (order === undefined) return fail({ code: 'order_not_found' })
  const taken = captured ? ok(order) : await noteCapture(deps, payment, order)
  if (!taken.ok) return orLater(taken)
  if (takeCapture(taken.value, payment).outcome === 'refund') return ok(REFUND)
  const sold = await sellStock(deps, taken.value)
  if (!sold.ok) return sold
  return ok(sold.value === 'gone' ? REFUND : { outcome: 'paid' })
}

/** What is not as simple as a pending order that is paid. */
function noteCapture(deps: OrdersDeps, payment: CapturedPayment, known: Order) {
  return changeOrder(deps, { orderId: known.id, actor: SYSTEM, known }, (order) => ok(takeCapture(order, payment).step))
}
