import type { OrderNotFound } from '@shop/contracts'
import { type OrderId, ok, type PaymentId, type Result, type ServiceUnavailable } from '@shop/kernel'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import { retryable } from '../orders/domain/retryable.ts'
import { recordAuthorizationLoss } from './domain/authorization.ts'

/** Cancels an order whose authorization ended uncaptured. Its stock comes back as after any cancellation. */
export async function applyAuthorizationLost(
  deps: ChangeDeps,
  { orderId, paymentId }: { orderId: OrderId; paymentId: PaymentId },
): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>> {
  const target = { orderId, actor: SYSTEM }
  const lost = retryable(await changeOrder(deps, target, (order) => recordAuthorizationLoss(order, paymentId)))
  return lost.ok ? ok() : lost
}
