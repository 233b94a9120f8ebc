import { toMajor } from '@shop/kernel/money'
import { addSeconds } from '@shop/kernel/time'
import type { PaymentsDeps } from '../deps.ts'
import { forEachItem } from '../jobs/for-each.ts'
import { type ReportDeps, reportDiscrepancy } from '../reconciliation/report-discrepancy.ts'
import { callOf, nextAttemptAt, type TaxRecord } from './domain/tax-record.ts'

type RecordDeps = ReportDeps &
  Pick<PaymentsDeps, 'taxRecords' | 'stripeTaxes' | 'attemptSeconds' | 'orders' | 'joinOrders'>

/**
 * Records the taxes of paid orders at Stripe Tax, and reverses those of refunds. No payment and no refund waits for it: what
 * there is to do was written with the change, and is repeated until Stripe has taken or refused it.
 *
 * @returns how many were claimed
 */
export async function recordTaxes(deps: RecordDeps, limit: number): Promise<number> {
  const now = deps.now()
  const due = await deps.taxRecords.claimDue({ now, leaseUntil: addSeconds(now, deps.attemptSeconds), limit })
  await forEachItem(deps, 'tax_record', due, recordTax)
  return due.length
}

async function recordTax(deps: RecordDeps, record: TaxRecord): Promise<void> {
  const call = callOf(record)
  const answer = call === undefined ? NOT_RECORDED : await deps.stripeTaxes.make(call, record.currency)
  const { reference, attempts } = record
  switch (answer.kind) {
    case 'recorded':
      return deps.taxRecords.settle({ reference, state: 'recorded', stripeId: answer.stripeId, now: deps.now() })
    case 'refused':
      // Listed first: a record that is listed twice is one row.
      await listRefusal(deps, record, answer.reason)
      return deps.taxRecords.settle({ reference, state: 'refused', failure: answer.reason, now: deps.now() })
    case 'unknown':
      deps.warn('tax_not_recorded', { reference, attempts })
      return deps.taxRecords.postpone(reference, nextAttemptAt(record, deps.now()))
  }
}

/** What it reverses is not at Stripe. */
const NOT_RECORDED = { kind: 'refused', reason: 'original_not_recorded' } as const

/** Staff have to correct the tax report by hand. */
function listRefusal(deps: RecordDeps, record: TaxRecord, reason: string): Promise<void> {
  const { reference: subject, paymentId, kind, amount, currency } = record
  const shop = `${toMajor(amount, currency)} ${currency}, ${kind}`
  return reportDiscrepancy(deps, { kind: 'tax_not_recorded', subject, paymentId, stripe: reason, shop })
}
