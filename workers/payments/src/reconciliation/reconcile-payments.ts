import type { ReconciliationInProgress } from '@shop/contracts/payments/failures'
import { withLimitedCalls } from '@shop/http/invocation'
import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { fail, ok, type Result } from '@shop/kernel/result'
import type { Comparison } from './domain/compare.ts'
import { COMPARED_LISTS, type CompareDeps, compareNextPage, PAGE_SIZE } from './internal/compare-next-page.ts'

/** `finished`: both lists have been compared to their end. */
export type Reconciliation = Comparison & { finished: boolean }

/** Compares the next page of each of Stripe's lists, for staff, whether or not one is due. */
export async function reconcilePayments(
  deps: CompareDeps,
  caller: Caller,
  { limit = PAGE_SIZE }: { limit?: number | undefined },
): Promise<Result<Reconciliation, AccessFailure | ReconciliationInProgress>> {
  const staff = requireScope(caller, 'payments:write')
  if (!staff.ok) return staff
  // What orders is not told now, the sweep tells it.
  return withLimitedCalls(() => compareLists(deps, limit))
}

async function compareLists(
  deps: CompareDeps,
  limit: number,
): Promise<Result<Reconciliation, ReconciliationInProgress>> {
  const sum: Reconciliation = { compared: 0, applied: 0, discrepancies: 0, finished: true }
  for (const list of COMPARED_LISTS) {
    const page = await compareNextPage(deps, list, { isForced: true, limit })
    if (page === undefined) return fail({ code: 'reconciliation_in_progress' })
    sum.compared += page.compared
    sum.applied += page.applied
    sum.discrepancies += page.discrepancies
    sum.finished &&= page.finished
  }
  return ok(sum)
}
