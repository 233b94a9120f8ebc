import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'
import { type Page, type PageRequest, pageByNumber } from '../lists/page-start.ts'
import type { Discrepancy } from './domain/discrepancy.ts'

/** Differences between Stripe and the shop that a person has to resolve, newest first, for staff. */
export async function listDiscrepancies(
  deps: Pick<PaymentsDeps, 'discrepancies'>,
  caller: Caller,
  page: PageRequest,
): Promise<Result<Page<Discrepancy>, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'payments:read')
  if (!staff.ok) return staff
  const start = pageByNumber(page)
  if (!start.ok) return start
  const { after, limit } = start.value
  const rows = await deps.discrepancies.listOpen({ after, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ foundAt, id }) => ({ sortKey: foundAt.toISOString(), id: String(id) })))
}
