import type { OrderNotFound, RefundedPayment } from '@shop/contracts'
import { ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import { retryable } from '../orders/domain/retryable.ts'
import { recordCaptureOfRefund, recordRefund } from './domain/refund.ts'

/** Records a refund of the order's payment, once per refund id. Refunds of other payments change nothing. */
export async function applyRefund(
  deps: ChangeDeps,
  refund: RefundedPayment,
): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>> {
  const { orderId, actor } = refund
  const captured = await changeOrder(deps, { orderId, actor: SYSTEM }, (order) => recordCaptureOfRefund(order, refund))
  if (!captured.ok) return retryable(captured)
  const target = { orderId, actor, known: captured.value }
  const saved = retryable(await changeOrder(deps, target, (order) => ok(recordRefund(order, refund))))
  return saved.ok ? ok() : saved
}
