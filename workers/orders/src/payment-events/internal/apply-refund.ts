import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { RefundDetails } from '@shop/contracts/orders/rpc'
import { ok, type Result } from '@shop/kernel/result'
import type { OrdersDeps } from '../../deps.ts'
import { completeOrder } from '../../fulfillment/complete-order.ts'
import { type ChangeDeps, changeOrder, SYSTEM } from '../../orders/change-order.ts'
import type { Order } from '../../orders/domain/order.ts'
import type { RefundFact } from '../domain/facts.ts'
import type { NotYet } from '../domain/payment.ts'
import { recordCaptureOfRefund, recordRefund } from '../domain/refund.ts'

type ApplyDeps = ChangeDeps & Pick<OrdersDeps, 'giftCards'>

/**
 * Records a refund of the order's payment, once per refund id. Refunds of other payments change nothing. It may have removed the
 * last units that were to ship.
 *
 * @param known the order, if it was just read
 */
export async function applyRefund(
  deps: ApplyDeps,
  refund: RefundFact,
  details: RefundDetails,
  known: Order | undefined,
): Promise<Result<undefined, OrderNotFound | OrderChanged | NotYet>> {
  const { orderId } = refund
  const captured = await changeOrder(deps, { orderId, actor: SYSTEM, known }, (order) =>
    recordCaptureOfRefund(order, refund, details),
  )
  if (!captured.ok) return captured
  const isCounted = details.isCounted === true || (await isReturnedByCancellation(deps, captured.value, refund))
  const target = { orderId, actor: details.actor, known: captured.value }
  const saved = await changeOrder(deps, target, (order) => ok(recordRefund(order, refund, { ...details, isCounted })))
  const completed = saved.ok ? await completeOrder(deps, saved.value, details.actor) : saved
  return completed.ok ? ok() : completed
}

/**
 * Whether the cancellation of the order returned the amount to its gift cards and counted it, because the refund had not reached them
 * before. Payments reports a refund to gift cards only after orders was asked for it, so a later cancellation leaves it to the refund.
 */
async function isReturnedByCancellation({ giftCards }: ApplyDeps, order: Order, refund: RefundFact): Promise<boolean> {
  const [giftCardPayment] = order.furtherPayments
  if (order.status !== 'cancelled' || order.giftCardAmount === 0 || giftCardPayment !== refund.paymentId) return false
  return (await giftCards.cardsOfOrder(order.id, refund.refundId))?.isCredited === false
}
