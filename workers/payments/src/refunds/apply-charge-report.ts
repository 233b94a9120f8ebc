import { withLimitedCalls } from '@shop/http/invocation'
import { Unavailable } from '@shop/kernel/unavailable'
import type { PaymentsDeps } from '../deps.ts'
import { refundedByStripe } from '../payments/domain/payment.ts'
import { APPLIED, type ChargeReport, type EventOutcome, flagged, IGNORED } from '../webhooks/domain/webhook-event.ts'
import { applyRefundReport, type RefundReportDeps } from './apply-refund-report.ts'

/**
 * Applies what Stripe reports about a charge: where another amount was refunded than is recorded, its refunds are read.
 *
 * @throws Unavailable when Stripe does not answer; it then sends the event again
 */
export async function applyChargeReport(
  deps: RefundReportDeps & Pick<PaymentsDeps, 'stripeRefunds'>,
  charge: ChargeReport,
): Promise<EventOutcome> {
  const payment = await deps.payments.findByIntent(charge.intentId)
  if (payment === undefined) return IGNORED
  if (payment.currency !== charge.currency) return flagged('another_currency')
  if (refundedByStripe(payment) === charge.refunded) return APPLIED
  const refunds = await deps.stripeRefunds.listOfIntent(charge.intentId)
  if (refunds === undefined) throw new Unavailable('stripe')
  // One after the other, since they are events of one payment. What orders is not told now, the sweep tells it.
  await withLimitedCalls(async () => {
    for (const refund of refunds) await applyRefundReport(deps, refund)
  })
  return APPLIED
}
