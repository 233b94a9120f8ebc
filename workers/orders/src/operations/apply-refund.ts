import type { OrderNotFound, RefundedPayment } from '@shop/contracts'
import { ok, type Result, type ServiceUnavailable } from '@shop/kernel'
import { takeCaptureOf, takeRefund } from '../domain/payment-facts.ts'
import type { OrdersDeps } from '../ports.ts'
import { changeOrder, orLater, SYSTEM } from './change-order.ts'

/** Notes a refund of the order's payment, once by the refund's id; those of another payment are none of its money. */
export async function applyRefund(
  deps: OrdersDeps,
  refund: RefundedPayment,
): Promise<Result<undefined, OrderNotFound | ServiceUnavailable>> {
  const { orderId, actor } = refund
  const captured = await changeOrder(deps, { orderId, actor: SYSTEM }, (order) => takeCaptureOf(order, refund))
  if (!captured.ok) return orLater(captured)
  const target = { orderId, actor, known: captured.value }
  const saved = orLater(await changeOrder(deps, target, (order) => ok(takeRefund(order, refund))))
  return saved.ok ? ok() : saved
}
