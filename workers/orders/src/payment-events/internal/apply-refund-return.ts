import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { RefundDetails } from '@shop/contracts/orders/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../../deps.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../../orders/change-order.ts'
import type { RefundFact } from '../domain/facts.ts'
import { isPaymentOf, type NotYet } from '../domain/payment.ts'
import { recordRefundReturn } from '../domain/refund.ts'

/**
 * Records that the bank returned a refund of the order's payment, once per refund id and only after the refund itself. A refund of money
 * that the order rejected was not recorded, and its return is not either.
 */
export async function applyRefundReturn(
  deps: ChangeDeps & Pick<OrdersDeps, 'invoices'>,
  refund: RefundFact,
  details: RefundDetails,
): Promise<Result<undefined, OrderNotFound | OrderChanged | NotYet>> {
  const { orderId, refundId } = refund
  const [found, issued] = await Promise.all([deps.orders.findWithEvents(orderId), deps.invoices.listOf([orderId])])
  if (found === undefined) return fail({ code: 'order_not_found' })
  const { order, events } = found
  const recorded = new Set(events.filter(({ data }) => data.refundId === refundId).map(({ type }) => type))
  if (recorded.has('refund_returned')) return ok()
  if (isPaymentOf(order, refund) && !recorded.has('refunded'))
    return details.isReversal ? ok() : fail({ code: 'not_yet' })
  const creditNote = issued.find(({ cause }) => cause === `refund:${refundId}`)
  const target = { orderId, actor: SYSTEM, known: order }
  const saved = await changeOrder(deps, target, (current) =>
    ok(recordRefundReturn(current, refund, creditNote, details)),
  )
  return saved.ok ? ok() : saved
}
