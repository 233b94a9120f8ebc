import type { OrderNotFound, RefundedPayment } from '@shop/contracts'
import { fail, ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { isOf, takeRefundReturned } from '../domain/payment-facts.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder, orLater, SYSTEM } from './change-order.ts'

/**
 * Notes that a refund of the order's payment came back from the bank, once by the refund's id. The refund itself may not
 * have been noted yet: then this has to be told again after it.
 */
export async function applyRefundReturned(
  deps: OrdersDeps,
  refund: RefundedPayment,
): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>> {
  const { orderId, refundId } = refund
  const found = await deps.store.findWithEvents(orderId)
  if (found === undefined) return fail({ code: 'order_not_found' })
  const { order, events } = found
  const noted = new Set(events.filter(({ data }) => data.refundId === refundId).map(({ type }) => type))
  if (noted.has('refund_returned')) return ok()
  if (isOf(order, refund) && !noted.has('refunded')) return fail({ code: 'service_unavailable' })
  const target = { orderId, actor: SYSTEM, known: order }
  const saved = orLater(await changeOrder(deps, target, (current) => ok(takeRefundReturned(current, refund))))
  return saved.ok ? ok() : saved
}
