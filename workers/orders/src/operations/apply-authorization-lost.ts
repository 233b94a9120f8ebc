import type { OrderNotFound } from '@shop/contracts'
import { type OrderId, ok, type PaymentId, type Result, type ServiceUnavailable } from '@shop/kernel'
import { loseAuthorization } from '../domain/payment-facts.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder, orLater, SYSTEM } from './change-order.ts'

/** Cancels an order whose authorization ended uncaptured. Its stock comes back as after any cancellation. */
export async function applyAuthorizationLost(
  deps: OrdersDeps,
  { orderId, paymentId }: { orderId: OrderId; paymentId: PaymentId },
): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>> {
  const target = { orderId, actor: SYSTEM }
  const lost = orLater(await changeOrder(deps, target, (order) => loseAuthorization(order, paymentId)))
  return lost.ok ? ok() : lost
}
