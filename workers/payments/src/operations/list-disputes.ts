import type { Dispute } from '@shop/contracts'
import {
  type AccessFailure,
  type Caller,
  type InvalidCursor,
  ok,
  type Result,
  requireStaff,
  toPage,
} from '@shop/kernel'
import type { PaymentsDeps } from '../ports.ts'
import { type Page, type PageRequest, startByInstant } from './page.ts'

/** What customers' banks have taken back or ask about, for staff, newest first. */
export async function listDisputes(
  deps: PaymentsDeps,
  caller: Caller,
  page: PageRequest,
): Promise<Result<Page<Dispute>, AccessFailure | InvalidCursor>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const start = startByInstant(page)
  if (!start.ok) return start
  const { after, limit } = start.value
  const rows = await deps.records.disputes({ after: after && { createdAt: after.at, id: after.id }, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ createdAt, id }) => ({ sortKey: createdAt.toISOString(), id })))
}
