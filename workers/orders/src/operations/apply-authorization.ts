import type { AuthorizationOutcome, AuthorizedPayment, OrderNotFound } from '@shop/contracts'
import { ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { takeAuthorization } from '../domain/payment-facts.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder, orLater, SYSTEM } from './change-order.ts'
import { sellStock } from './sell-stock.ts'

const VOID = { outcome: 'void' } as const

/**
 * Takes an authorized payment: the order is as good as sold, so every line leaves the stock. What a capture does in
 * `applyCapture`, with the same arbiter; here the payment that cannot be taken is voided.
 */
export async function applyAuthorization(
  deps: OrdersDeps,
  payment: AuthorizedPayment,
): Promise<Result<AuthorizationOutcome, OrderNotFound | ServiceUnavailable>> {
  const target = { orderId: payment.orderId, actor: SYSTEM }
  const taken = await changeOrder(deps, target, (order) => ok(takeAuthorization(order, payment).step))
  if (!taken.ok) return orLater(taken)
  if (takeAuthorization(taken.value, payment).outcome === 'void') return ok(VOID)
  const sold = await sellStock(deps, taken.value)
  if (!sold.ok) return sold
  return ok(sold.value === 'gone' ? VOID : { outcome: 'authorized' })
}
