import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import { ok, type Result } from '@shop/kernel/result'
import { releaseRefund } from '../../fulfillment/domain/line-refund-steps.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../../orders/change-order.ts'
import type { RefundFact } from '../domain/facts.ts'
import { recordRefundFailure } from '../domain/refund.ts'

/** Gives the units of a failed refund by line back, and records that a refund of the cancelled order failed. */
export async function applyRefundFailure(
  deps: ChangeDeps,
  refund: RefundFact,
): Promise<Result<undefined, OrderNotFound | OrderChanged>> {
  const { orderId, refundId } = refund
  const released = await changeOrder(deps, { orderId, actor: SYSTEM }, (order) => ok(releaseRefund(order, refundId)))
  if (!released.ok) return released
  const target = { orderId, actor: SYSTEM, known: released.value }
  const saved = await changeOrder(deps, target, (order) => ok(recordRefundFailure(order, refund)))
  return saved.ok ? ok() : saved
}
