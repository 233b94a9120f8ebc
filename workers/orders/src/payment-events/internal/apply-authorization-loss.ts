import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import { type ChangeDeps, changeOrder, SYSTEM } from '../../orders/change-order.ts'
import { recordAuthorizationLoss } from '../domain/authorization.ts'
import type { PaymentFact } from '../domain/facts.ts'
import type { NotYet } from '../domain/payment.ts'

/** Cancels an order whose authorization ended uncaptured. Its stock comes back as after any cancellation. */
export async function applyAuthorizationLoss(
  deps: ChangeDeps,
  { orderId, paymentId }: Pick<PaymentFact, 'orderId' | 'paymentId'>,
): Promise<Result<undefined, OrderNotFound | OrderChanged | NotYet>> {
  const target = { orderId, actor: SYSTEM }
  const lost = await changeOrder(deps, target, (order) => recordAuthorizationLoss(order, paymentId))
  return lost.ok ? ok() : lost
}
