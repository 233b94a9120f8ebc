import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import type { ServiceUnavailable } from '@shop/kernel/unavailable'
import { changeOrder, SYSTEM } from '../../orders/change-order.ts'
import { type SellDeps, sellStock } from '../../stock/sell-stock.ts'
import { recordAuthorization } from '../domain/authorization.ts'
import type { PaymentFact } from '../domain/facts.ts'
import type { PaymentDecision } from '../domain/payment.ts'

/**
 * Applies an authorization: the order counts on the payment, then every line leaves the stock. Like `applyCapture`, with the
 * same order row as arbiter.
 */
export async function applyAuthorization(
  deps: SellDeps,
  fact: PaymentFact,
): Promise<Result<PaymentDecision, OrderNotFound | OrderChanged | ServiceUnavailable>> {
  const target = { orderId: fact.orderId, actor: SYSTEM }
  const changed = await changeOrder(deps, target, (order) => ok(recordAuthorization(order, fact).step))
  if (!changed.ok) return changed
  if (recordAuthorization(changed.value, fact).decision === 'rejected') return ok('rejected')
  const sold = await sellStock(deps, changed.value)
  return sold.ok ? ok(sold.value === 'gone' ? 'rejected' : 'accepted') : sold
}
