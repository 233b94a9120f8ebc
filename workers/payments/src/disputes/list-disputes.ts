import { requireScope } from '@shop/kernel/access'
import type { AccessFailure, Caller } from '@shop/kernel/caller'
import { type InvalidCursor, toPage } from '@shop/kernel/pagination'
import { ok, type Result } from '@shop/kernel/result'
import type { PaymentsDeps } from '../deps.ts'
import { type Page, type PageRequest, pageByInstant } from '../lists/page-start.ts'
import type { Dispute } from './domain/dispute.ts'

/** All disputes, newest first, for staff. */
export async function listDisputes(
  deps: Pick<PaymentsDeps, 'disputes'>,
  caller: Caller,
  page: PageRequest,
): Promise<Result<Page<Dispute>, AccessFailure | InvalidCursor>> {
  const staff = requireScope(caller, 'payments:read')
  if (!staff.ok) return staff
  const start = pageByInstant(page)
  if (!start.ok) return start
  const { after, limit } = start.value
  const rows = await deps.disputes.list({ after, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ createdAt, id }) => ({ sortKey: createdAt.toISOString(), id })))
}
