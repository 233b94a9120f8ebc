import type { Discrepancy } from '@shop/contracts'
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
import { type Page, type PageRequest, startByNumber } from './page.ts'

/** Differences between Stripe and the shop that a person has to see to, for staff, newest first. */
export async function listDiscrepancies(
  deps: PaymentsDeps,
  caller: Caller,
  page: PageRequest,
): Promise<Result<Page<Discrepancy>, AccessFailure | InvalidCursor>> {
  const staff = requireStaff(caller)
  if (!staff.ok) return staff
  const start = startByNumber(page)
  if (!start.ok) return start
  const { after, limit } = start.value
  const rows = await deps.records.openDiscrepancies({ after, limit: limit + 1 })
  return ok(toPage(rows, limit, ({ foundAt, id }) => ({ sortKey: foundAt.toISOString(), id: String(id) })))
}
