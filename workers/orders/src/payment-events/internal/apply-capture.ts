import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import type { OrdersDeps } from '../../deps.ts'
import { changeOrder, SYSTEM } from '../../orders/change-order.ts'
import type { Order } from '../../orders/domain/order.ts'
import { type SellDeps, sellStock } from '../../stock/sell-stock.ts'
import { captureStep, recordCapture } from '../domain/capture.ts'
import type { CaptureFact } from '../domain/facts.ts'
import type { MoneyEntry } from '../domain/money-entries.ts'
import type { PaymentDecision } from '../domain/payment.ts'

/**
 * Applies a capture: the order becomes paid, then every line leaves the stock. The order row is the arbiter: only a pending
 * order, or one that counts on the payment's authorization, becomes paid. A cancelled one rejects the money.
 *
 * If units of a line can no longer be had, the order is cancelled and the money rejected. Safe to repeat at any point.
 */
export async function applyCapture(
  deps: SellDeps & Pick<OrdersDeps, 'captures'>,
  fact: CaptureFact,
  money: MoneyEntry[],
): Promise<Result<PaymentDecision, OrderNotFound | OrderChanged | ServiceUnavailable>> {
  const { captured, order } = await deps.captures.capturePending(fact, deps.now(), money)
  if (order === undefined) return fail({ code: 'order_not_found' })
  const changed = captured ? ok(order) : await decideCapture(deps, fact, order)
  if (!changed.ok) return changed
  if (recordCapture(changed.value, fact).decision === 'rejected') return ok('rejected')
  // The common case has no change of its own, which would wake them.
  const [sold] = await Promise.all([sellStock(deps, changed.value), captured && deps.wakeConsumers(['order.paid'])])
  return sold.ok ? ok(sold.value === 'gone' ? 'rejected' : 'accepted') : sold
}

/** For all but the common case of a pending order that becomes paid. */
function decideCapture(deps: SellDeps, fact: CaptureFact, known: Order) {
  const target = { orderId: known.id, actor: SYSTEM, known }
  const made = { refundId: deps.newId('refund'), at: deps.now() }
  return changeOrder(deps, target, (order) => ok(captureStep(order, fact, made)))
}
