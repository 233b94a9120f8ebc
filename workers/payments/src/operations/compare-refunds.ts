import type { PaymentsDeps, RefundReport } from '../ports.ts'
import type { Compared } from './compare-intents.ts'
import { forEach } from './each.ts'
import { takeRefund } from './take-refund.ts'

/** Compares refunds of Stripe's with those kept here; what differs is taken as a webhook would have told it. */
export async function compareRefunds(deps: PaymentsDeps, found: RefundReport[]): Promise<Compared> {
  const ids = found.map(({ stripeRefundId }) => stripeRefundId)
  const before = await deps.reconciliation.refundStates(ids)
  const behind = found.filter(({ stripeRefundId, state }) => before.get(stripeRefundId) !== state)
  await forEach(deps, 'reconcile', behind, async (refund) => {
    await takeRefund(deps, refund)
  })
  const after = behind.length === 0 ? before : await deps.reconciliation.refundStates(ids)
  const applied = behind.filter(({ stripeRefundId, state }) => after.get(stripeRefundId) === state)
  // Those that could not be booked have been noted by whoever took them.
  const open = behind.filter((refund) => !applied.includes(refund)).map(({ stripeRefundId }) => stripeRefundId)
  await deps.reconciliation.resolveDiscrepancies({
    subjects: ids,
    kinds: ['refund_not_booked'],
    still: open.map((subject) => ({ subject, kind: 'refund_not_booked' })),
    now: deps.now(),
  })
  return { compared: found.length, applied: applied.length, discrepancies: 0 }
}
