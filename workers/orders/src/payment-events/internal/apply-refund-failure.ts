import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { RefundDetails } from '@shop/contracts/orders/rpc'
import { ok, type Result } from '@shop/kernel/result'
import { type ChangeDeps, changeOrder, SYSTEM } from '../../orders/change-order.ts'
import type { RefundFact } from '../domain/facts.ts'
import { recordRefundFailure, releaseFailedRefund } from '../domain/refund.ts'

/** Gives the units of a failed refund by line back, and records that a refund of the cancelled order failed. */
export async function applyRefundFailure(
  deps: ChangeDeps,
  refund: RefundFact,
  details: RefundDetails,
): Promise<Result<undefined, OrderNotFound | OrderChanged>> {
  const { orderId } = refund
  const released = await changeOrder(deps, { orderId, actor: SYSTEM }, (order) =>
    ok(releaseFailedRefund(order, refund, details)),
  )
  if (!released.ok) return released
  const target = { orderId, actor: SYSTEM, known: released.value }
  const saved = await changeOrder(deps, target, (order) => ok(recordRefundFailure(order, refund)))
  return saved.ok ? ok() : saved
}
