import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { announceRefund, type TellDeps } from '../events/tell-orders.ts'
import { type ReportDeps, reportDiscrepancy } from '../reconciliation/report-discrepancy.ts'
import { APPLIED, type EventOutcome, flagged, IGNORED } from '../webhooks/domain/webhook-event.ts'
import { differenceToReport, type RefundReport, type SettledRefund } from './domain/refund.ts'

export type RefundReportDeps = TellDeps &
  ReportDeps &
  Pick<PaymentsDeps, 'refunds' | 'payments' | 'newRefundId' | 'attemptSeconds'>

/**
 * Applies what Stripe reports about a refund of any origin; reports may come twice and in any order. A refund that was
 * made in Stripe's dashboard is recorded as one of the shop's: the money is gone, and the order has to know.
 */
export async function applyRefundReport(deps: RefundReportDeps, report: RefundReport): Promise<EventOutcome> {
  const settled = await settleReport(deps, report)
  if (settled === undefined) return rejectReport(deps, report)
  await announceRefund(deps, settled)
  const { refund } = settled
  if (refund.currency !== report.currency) return flagged('another_currency')
  return refund.amount === report.amount ? APPLIED : flagged('another_amount')
}

/** @returns undefined for a refund of a payment that is not the shop's, or of more than is left of it */
async function settleReport(deps: RefundReportDeps, report: RefundReport): Promise<SettledRefund | undefined> {
  const outcome = { ...report, isFailureKnown: false, now: deps.now() }
  const settled = await deps.refunds.settle(outcome)
  if (settled !== undefined || !(await adoptRefund(deps, report))) return settled
  return deps.refunds.settle(outcome)
}

/** Records a refund that was made in the dashboard. @returns whether it may be recorded now */
async function adoptRefund(deps: RefundReportDeps, report: RefundReport): Promise<boolean> {
  const { refundId, intentId, stripeRefundId, amount, currency } = report
  if (refundId !== null || intentId === null || report.state === 'failed') return false
  const payment = await deps.payments.findByIntent(intentId)
  if (payment === undefined || payment.currency !== currency) return false
  const now = deps.now()
  await deps.refunds.adopt({
    id: deps.newRefundId(),
    paymentId: payment.id,
    stripeRefundId,
    amount,
    reason: 'dashboard',
    actor: { kind: 'system' },
    now,
    leaseUntil: addSeconds(now, deps.attemptSeconds),
  })
  return true
}

/** Lists for staff a refund that cannot be booked. One that failed moved nothing. */
async function rejectReport(deps: RefundReportDeps, report: RefundReport): Promise<EventOutcome> {
  const payment = report.intentId === null ? undefined : await deps.payments.findByIntent(report.intentId)
  if (payment === undefined) return IGNORED
  if (payment.currency !== report.currency) return flagged('another_currency')
  if (report.state !== 'failed') await reportDiscrepancy(deps, differenceToReport(report, payment.id))
  return IGNORED
}
