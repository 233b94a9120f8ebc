import type { PaymentsDeps } from '../../deps.ts'
import { forEachItem } from '../../jobs/for-each.ts'
import { applyRefundReport, type RefundReportDeps } from '../../refunds/apply-refund-report.ts'
import type { RefundReport } from '../../refunds/domain/refund.ts'
import type { Comparison } from '../domain/compare.ts'

const KIND = 'refund_not_booked'

/** Compares refunds at Stripe with the recorded ones; differences are applied as from a webhook. */
export async function compareRefunds(
  deps: RefundReportDeps & Pick<PaymentsDeps, 'reconciliation' | 'discrepancies' | 'joinOrders'>,
  found: RefundReport[],
): Promise<Comparison> {
  const ids = found.map(({ stripeRefundId }) => stripeRefundId)
  const before = await deps.reconciliation.refundStates(ids)
  const behind = found.filter(({ stripeRefundId, state }) => before.get(stripeRefundId) !== state)
  await forEachItem(deps, 'reconcile', behind, applyRefundReport)
  const after = behind.length === 0 ? before : await deps.reconciliation.refundStates(ids)
  const open = behind.filter(({ stripeRefundId, state }) => after.get(stripeRefundId) !== state)
  // applyRefundReport has listed those that could not be booked.
  const stillListed = open.map(({ stripeRefundId: subject }) => ({ subject, kind: KIND }) as const)
  await deps.discrepancies.closeOthers({ subjects: ids, kinds: [KIND], found: stillListed, now: deps.now() })
  return { compared: found.length, applied: behind.length - open.length, discrepancies: 0 }
}
