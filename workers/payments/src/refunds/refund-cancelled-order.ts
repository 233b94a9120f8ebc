import type { PaymentId } from '@shop/kernel/ids'
import type { Refund } from './domain/refund.ts'
import { type ExecuteDeps, executeRefund, reserveAutomaticRefund } from './internal/execute-refund.ts'

export type RefundOrderDeps = ExecuteDeps

/**
 * Refunds what is left of a payment that its order could not take. Called again, it finds the first refund and asks
 * Stripe for it again.
 *
 * @returns undefined when nothing is left, or staff decide about a refund that failed
 */
export async function refundCancelledOrder(deps: RefundOrderDeps, paymentId: PaymentId): Promise<Refund | undefined> {
  const refund = await reserveAutomaticRefund(deps, paymentId)
  return refund && executeRefund(deps, refund)
}
