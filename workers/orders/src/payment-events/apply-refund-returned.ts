import type { OrderNotFound, RefundedPayment } from '@shop/contracts'
import { fail, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { type ChangeDeps, changeOrder, SYSTEM } from '../orders/change-order.ts'
import { retryable } from '../orders/domain/retryable.ts'
import { isPaymentOf } from './domain/payment.ts'
import { recordRefundReturn } from './domain/refund.ts'

/**
 * Records that the bank returned a refund of the order's payment, once per refund id. If the refund itself has not been
 * recorded yet, payments retry.
 */
export async function applyRefundReturned(
  deps: ChangeDeps,
  refund: RefundedPayment,
): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>> {
  const { orderId, refundId } = refund
  const found = await deps.orders.findWithEvents(orderId)
  if (found === undefined) return fail({ code: 'order_not_found' })
  const { order, events } = found
  const recorded = new Set(events.filter(({ data }) => data.refundId === refundId).map(({ type }) => type))
  if (recorded.has('refund_returned')) return ok()
  if (isPaymentOf(order, refund) && !recorded.has('refunded')) return fail({ code: 'service_unavailable' })
  const target = { orderId, actor: SYSTEM, known: order }
  const saved = retryable(await changeOrder(deps, target, (current) => ok(recordRefundReturn(current, refund))))
  return saved.ok ? ok() : saved
}
