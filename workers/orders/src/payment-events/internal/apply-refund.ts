import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { RefundDetails } from '@shop/contracts/orders/rpc'
import { ok, type Result } from '@shop/kernel/result'
import { completeOrder } from '../../fulfillment/complete-order.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../../orders/change-order.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { RefundFact } from '../domain/facts.ts'
import type { NotYet } from '../domain/payment.ts'
import { recordCaptureOfRefund, recordRefund } from '../domain/refund.ts'

/**
 * Records a refund of the order's payment, once per refund id. Refunds of other payments change nothing. It may have removed the
 * last units that were to ship.
 *
 * @param known the order, if it was just read
 */
export async function applyRefund(
  deps: ChangeDeps,
  refund: RefundFact,
  details: RefundDetails,
  known: Order | undefined,
): Promise<Result<undefined, OrderNotFound | OrderChanged | NotYet>> {
  const { orderId } = refund
  const captured = await changeOrder(deps, { orderId, actor: SYSTEM, known }, (order) =>
    recordCaptureOfRefund(order, refund),
  )
  if (!captured.ok) return captured
  const target = { orderId, actor: details.actor, known: captured.value }
  const saved = await changeOrder(deps, target, (order) => ok(recordRefund(order, refund, details)))
  const completed = saved.ok ? await completeOrder(deps, saved.value, details.actor) : saved
  return completed.ok ? ok() : completed
}
