import type { AuthorizationOutcome, AuthorizedPayment, OrderNotFound } from '@shop/contracts'
import { ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import type { OrdersDeps } from '../deps.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import { retryable } from '../orders/domain/retryable.ts'
import { sellStock } from '../stock/sell-stock.ts'
import { recordAuthorization } from './domain/authorization.ts'

const VOID = { outcome: 'void' } as const

/**
 * Applies an authorization: the order counts on the payment, then every line leaves the stock. Like `applyCapture`, with the
 * same order row as arbiter; a payment that cannot pay the order is voided.
 */
export async function applyAuthorization(
  deps: ChangeDeps & Pick<OrdersDeps, 'catalog'>,
  payment: AuthorizedPayment,
): Promise<Result<AuthorizationOutcome, OrderNotFound | ServiceUnavailable>> {
  const target = { orderId: payment.orderId, actor: SYSTEM }
  const changed = await changeOrder(deps, target, (order) => ok(recordAuthorization(order, payment).step))
  if (!changed.ok) return retryable(changed)
  if (recordAuthorization(changed.value, payment).outcome === 'void') return ok(VOID)
  const sold = await sellStock(deps, changed.value)
  if (!sold.ok) return sold
  return ok(sold.value === 'gone' ? VOID : { outcome: 'authorized' })
}
