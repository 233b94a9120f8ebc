import type { RefundFailure } from '@shop/contracts/payments/failures'
import { actorIdOf, type NamedCaller } from '@shop/kernel/access'
import type { RefundId } from '@shop/kernel/ids'
import { toMinor } from '@shop/kernel/money'
import { ok, type Result } from '@shop/kernel/result'
import { toStripeAmount } from '@shop/kernel/stripe-amount'
import type { PaymentsDeps } from '../../deps.ts'
import type { Payment } from '../../payments/domain/payment.ts'
import type { RefundLines } from '../domain/refund-lines.ts'

type LineDeps = Pick<PaymentsDeps, 'orders' | 'warn'>

/**
 * Reserves the units at orders, whose stored totals say the amount.
 *
 * @returns the amount in minor units
 */
export async function reserveLines(
  deps: LineDeps,
  { payment, staff, refundId, lines }: { payment: Payment; staff: NamedCaller; refundId: RefundId; lines: RefundLines },
): Promise<Result<number, RefundFailure>> {
  const { id: paymentId, orderId, currency } = payment
  const shipping = toMinor(lines.shipping, currency)
  if (!shipping.ok) return shipping
  const restockingFee = toMinor(lines.restockingFee, currency)
  if (!restockingFee.ok) return restockingFee
  const reserved = await deps.orders.reserveRefund({
    ...{ orderId, paymentId, refundId, actor: { kind: 'staff', userId: actorIdOf(staff) }, items: lines.items },
    ...{ shipping: shipping.value, restockingFee: restockingFee.value },
    ...(lines.returnId !== undefined && { returnId: lines.returnId }),
  })
  if (!reserved.ok) return reserved
  const { amount } = reserved.value
  const chargeable = toStripeAmount({ minor: amount, currency })
  if (chargeable.ok) return ok(amount)
  await releaseLines(deps, payment, refundId)
  return chargeable
}

/** Gives the units back of a refund that is not made. If that fails, the sweep does it. */
export async function releaseLines(deps: LineDeps, { orderId }: Payment, refundId: RefundId): Promise<void> {
  const released = await deps.orders.releaseRefunds([{ orderId, refundId }])
  if (!released.ok || released.value.some(({ ok: isReleased }) => !isReleased)) {
    deps.warn('refund_units_not_released', { orderId, refundId })
  }
}
