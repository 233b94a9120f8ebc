import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import { type ChangeDeps, changeOrder, SYSTEM } from '../../orders/change-order.ts'
import type { RefundFact } from '../domain/facts.ts'
import { recordRefundFailure } from '../domain/refund.ts'

/** Records that a refund of the cancelled order failed. */
export async function applyRefundFailure(
  deps: ChangeDeps,
  refund: RefundFact,
): Promise<Result<undefined, OrderNotFound | OrderChanged>> {
  const target = { orderId: refund.orderId, actor: SYSTEM }
  const saved = await changeOrder(deps, target, (order) => ok(recordRefundFailure(order, refund)))
  return saved.ok ? ok() : saved
}
