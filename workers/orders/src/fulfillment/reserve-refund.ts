import type { OrderChanged, OrderNotFound } from '@shop/contracts/orders/failures'
import type { RefundReservation } from '@shop/contracts/orders/rpc'
import { fail, ok, type Result } from '@shop/kernel/result'
import { type ChangeDeps, changeOrder } from '../orders/change-order.ts'
import { reserveRefund as decideReservation, type ReserveFailure, standing } from './domain/line-refund-steps.ts'

/**
 * Reserves the units of a refund by line, and says what it amounts to, from the stored totals. A repeated request gets the same
 * amount, and reserves nothing more.
 */
export async function reserveRefund(
  deps: ChangeDeps,
  { orderId, refundId, actor, ...wanted }: RefundReservation,
): Promise<Result<{ amount: number }, OrderNotFound | OrderChanged | ReserveFailure>> {
  const made = { refundId, at: deps.now() }
  const changed = await changeOrder(deps, { orderId, actor }, (order) => decideReservation(order, wanted, made))
  if (!changed.ok) return changed
  const reserved = standing(changed.value, refundId)
  return reserved === undefined ? fail({ code: 'order_changed' }) : ok({ amount: reserved.amount })
}
